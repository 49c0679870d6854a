-- From 6 to 7: the cloud wrote "count" where the PC wrote "counted"; both write "counted" now.
UPDATE stock_movements SET reason = 'counted' WHERE reason = 'count';
