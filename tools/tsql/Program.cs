using System.Text.Json;
using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Sak.Tools.TSql;

/// <summary>
/// Checks T-SQL without a server, against SQL Server 2016 (compatibility level 130): syntax, features that SAK does not
/// use, and whether the tables and columns in a statement exist. Reads one JSON object from its input: model
/// (definitions), statements (checked against the model) and scripts (syntax only), each with a name and its text.
/// Writes one line for each problem; exit code 1 when there is one.
/// </summary>
public static class Program
{
    // The model reports unresolved names as errors or warnings with these numbers.
    private static readonly int[] Unresolved = [71501, 71502];

    // The server's own procedures and views are not in the model.
    private static readonly string[] OfTheServer = ["[sp_", "[sys]."];

    // The parser accepts any name of a function, so newer ones are listed here.
    private static readonly HashSet<string> Newer = new(
        [
            "STRING_AGG", "CONCAT_WS", "TRIM", "TRANSLATE", "APPROX_COUNT_DISTINCT", "GREATEST", "LEAST", "DATETRUNC",
            "DATE_BUCKET", "GENERATE_SERIES",
            "JSON_OBJECT", "JSON_ARRAY", "JSON_PATH_EXISTS", "JSON_OBJECTAGG", "JSON_ARRAYAGG", "JSON_CONTAINS",
            "BIT_COUNT", "LEFT_SHIFT", "RIGHT_SHIFT",
        ],
        StringComparer.OrdinalIgnoreCase);

    public sealed record NamedSql(string Name, string Text);

    public sealed record Input(IReadOnlyList<NamedSql> Model, IReadOnlyList<NamedSql> Statements,
        IReadOnlyList<NamedSql> Scripts);

    public static async Task<int> Main()
    {
        var input = JsonSerializer.Deserialize<Input>(await Console.In.ReadToEndAsync(), JsonSerializerOptions.Web)!;
        var problems = input.Model.Concat(input.Statements).Concat(input.Scripts).SelectMany(Parse).ToList();
        if (problems.Count == 0) problems.AddRange(Resolve(input));
        foreach (var problem in problems) Console.WriteLine(problem);
        return problems.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Parse(NamedSql sql)
    {
        var tree = new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql.Text), out var errors);
        foreach (var error in errors) yield return $"{sql.Name}, line {error.Line}: {error.Message}";
        if (errors.Count > 0) yield break;
        var banned = new Banned();
        tree.Accept(banned);
        foreach (var what in banned.Found) yield return $"{sql.Name}: {what}";
    }

    private static IEnumerable<string> Resolve(Input input)
    {
        using var model = new TSqlModel(SqlServerVersion.Sql130, new TSqlModelOptions());
        var names = new Dictionary<string, string>();
        foreach (var (sql, text) in input.Model.Select(m => (m, m.Text))
            .Concat(input.Statements.Select((s, i) => (s, Procedure(s.Text, i)))))
        {
            string? fault = null;
            try
            {
                model.AddObjects(text);
            }
            catch (DacModelException error)
            {
                fault = $"{sql.Name}: {error.Message.ReplaceLineEndings(" ")}";
            }

            if (fault is not null) yield return fault;
        }

        for (var i = 0; i < input.Statements.Count; i++) names.Add($"[dbo].[check_{i}]", input.Statements[i].Name);
        foreach (var message in model.Validate()
            .Where(m => Unresolved.Contains(m.Number)
                && !OfTheServer.Any(own => m.Message.Contains(own, StringComparison.Ordinal))))
            yield return names.Aggregate(message.Message, (text, name) => text.Replace(name.Key, name.Value));
    }

    // A statement is checked as the body of a procedure with its parameters.
    private static string Procedure(string text, int number)
    {
        var tree = new TSql130Parser(true).Parse(new StringReader(text), out _);
        var used = new Variables();
        tree.Accept(used);
        var parameters = string.Join(", ", used.Used.Except(used.Declared).Order().Select(v => $"{v} nvarchar(max)"));
        return $"CREATE PROCEDURE dbo.check_{number} {parameters} AS BEGIN {text} END";
    }

    private sealed class Banned : TSqlFragmentVisitor
    {
        public List<string> Found { get; } = [];

        public override void Visit(MergeStatement node) => Found.Add("MERGE is not used here");

        public override void Visit(TableHint node) => Found.Add($"the hint {node.HintKind} is not used here");

        public override void Visit(OptimizerHint node) => Found.Add($"the hint {node.HintKind} is not used here");

        public override void Visit(QualifiedJoin node)
        {
            if (node.JoinHint != JoinHint.None) Found.Add($"the hint {node.JoinHint} is not used here");
        }

        public override void Visit(FunctionCall node)
        {
            if (Newer.Contains(node.FunctionName.Value))
                Found.Add($"{node.FunctionName.Value} is newer than the version");
        }

        public override void Visit(CreateTypeTableStatement node) => Found.Add("a table type is not used here");

        public override void Visit(CreateOrAlterTriggerStatement node) =>
            Found.Add("CREATE OR ALTER is newer than the version");

        public override void Visit(CreateOrAlterFunctionStatement node) =>
            Found.Add("CREATE OR ALTER is newer than the version");

        public override void Visit(CreateOrAlterProcedureStatement node) =>
            Found.Add("CREATE OR ALTER is newer than the version");

        public override void Visit(ScalarFunctionReturnType node) => Found.Add("a scalar function is not used here");
    }

    private sealed class Variables : TSqlFragmentVisitor
    {
        public HashSet<string> Used { get; } = new(StringComparer.OrdinalIgnoreCase);

        public HashSet<string> Declared { get; } = new(StringComparer.OrdinalIgnoreCase);

        public override void Visit(VariableReference node) => Used.Add(node.Name);

        public override void Visit(DeclareVariableElement node) => Declared.Add(node.VariableName.Value);

        public override void Visit(DeclareTableVariableBody node) => Declared.Add(node.VariableName.Value);

        // The parameter names of an EXEC are not variables of the statement.
        public override void ExplicitVisit(ExecuteParameter node) => node.ParameterValue.Accept(this);
    }
}
