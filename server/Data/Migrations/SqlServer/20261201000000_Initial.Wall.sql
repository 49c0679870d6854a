-- Part of the migration of this name. It does not change after its release: what comes later is a new migration.
-- Not every server that speaks TDS has security policies: without them the wall is missing, the start says so, and
-- everything else works. A second run finishes what a cut connection left.
IF OBJECT_ID(N'sys.security_policies') IS NOT NULL AND OBJECT_ID(N'dbo.sak_wall') IS NULL
BEGIN TRY
  IF OBJECT_ID(N'dbo.sak_of_shop') IS NULL
    EXEC(N'CREATE FUNCTION dbo.sak_of_shop (@shop uniqueidentifier) RETURNS TABLE WITH SCHEMABINDING AS
    RETURN SELECT 1 AS visible WHERE SESSION_CONTEXT(N''sak.shop'') IS NULL
      OR CONVERT(uniqueidentifier, SESSION_CONTEXT(N''sak.shop'')) = @shop');
  EXEC(N'CREATE SECURITY POLICY dbo.sak_wall
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.products,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.products AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.products AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.customers,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.customers AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.customers AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.orders,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.orders AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.orders AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.order_lines,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.order_lines AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.order_lines AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.order_events,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.order_events AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.order_events AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.stock_movements,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.stock_movements AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.stock_movements AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.price_rules,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.price_rules AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.price_rules AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.tombstones,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.tombstones AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.tombstones AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.sync_batches,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.sync_batches AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.sync_batches AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.shop_versions,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.shop_versions AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.shop_versions AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.number_leases,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.number_leases AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.number_leases AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.replies,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.replies AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.replies AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(shop_id) ON dbo.model_use,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.model_use AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(shop_id) ON dbo.model_use AFTER UPDATE,
      ADD FILTER PREDICATE dbo.sak_of_shop(id) ON dbo.shops,
      ADD BLOCK PREDICATE dbo.sak_of_shop(id) ON dbo.shops AFTER INSERT,
      ADD BLOCK PREDICATE dbo.sak_of_shop(id) ON dbo.shops AFTER UPDATE');
END TRY
BEGIN CATCH
  PRINT ERROR_MESSAGE();
END CATCH
