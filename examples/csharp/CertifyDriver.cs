using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

/// <summary>alipayhk-mock certify -- dotnet CompleteClient.dll --certify</summary>
static class CertifyDriver
{
    public static async Task<int> RunAsync()
    {
        var job = JsonNode.Parse(Console.OpenStandardInput())!;
        string Env(string name) => Environment.GetEnvironmentVariable(name) ?? "";
        var factor = double.Parse(Env("ALIPAYHK_CERTIFY_PAUSE_FACTOR"), CultureInfo.InvariantCulture);
        var client = AlipayHKClient.FromEnvironment((bool)job["sealed"]!, Env("ALIPAYHK_CERTIFY_STATE"), factor);
        var outcomes = (string)job["action"]! == "resume" ? await client.SendOpenAsync() : new List<Outcome>();
        foreach (var message in job["messages"]!.AsArray())
            outcomes.Add(await client.SendAsync((string)job["path"]!, message!.AsObject()));
        var claims = outcomes.Select(one => new
        {
            outcome = one.Status,
            resultCode = one.Code,
            reason = one.Reason,
            alerted = one.Status != "S" && one.NextIn is null,
            nextAttemptInMs = one.NextIn?.TotalMilliseconds,
            observed = new { orderStatus = one.OrderStatus },
        });
        Console.WriteLine(JsonSerializer.Serialize(new { outcomes = claims }));
        return 0;
    }
}
