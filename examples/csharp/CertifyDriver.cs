using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

/// <summary>alipayhk-mock certify -- dotnet CompleteClient.dll --certify</summary>
static class CertifyDriver
{
    static string Env(string name, string otherwise = "") => Environment.GetEnvironmentVariable(name) ?? otherwise;

    public static async Task<int> RunAsync()
    {
        var job = JsonNode.Parse(await new StreamReader(Console.OpenStandardInput()).ReadToEndAsync())!.AsObject();
        using var merchantKey = RSA.Create();
        merchantKey.ImportPkcs8PrivateKey(Convert.FromBase64String(Env("ALIPAYHK_PRIVATE_KEY")), out _);
        var platformKeys = JsonNode.Parse(Env("ALIPAYHK_PLATFORM_KEYS"))!.AsObject().ToDictionary(key => int.Parse(key.Key), key =>
        {
            var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String((string)key.Value!), out _);
            return rsa;
        });
        double Number(string name, string otherwise) => double.Parse(Env(name, otherwise), CultureInfo.InvariantCulture);
        using var http = new HttpClient { BaseAddress = new Uri(Env("ALIPAYHK_BASE_URL")), Timeout = TimeSpan.FromSeconds(Number("TIMEOUT_SECONDS", "8")) };
        var client = new AlipayHKClient(http, Env("ALIPAYHK_CLIENT_ID"), merchantKey, platformKeys, (bool)job["sealed"]!)
        {
            Outbox = Env("ALIPAYHK_CERTIFY_STATE"),
            PauseFactor = Number("ALIPAYHK_CERTIFY_PAUSE_FACTOR", "1"),
        };
        var outcomes = (string)job["action"]! == "resume" ? await client.SendOpenAsync() : new List<Outcome>();
        foreach (var message in job["messages"]?.AsArray() ?? (job["message"] is { } one ? new JsonArray(one.DeepClone()) : new JsonArray()))
        {
            outcomes.Add(await client.SendAsync((string)job["path"]!, message!.AsObject()));
        }
        var claims = outcomes.Select(Claim).ToList();
        var report = claims.MinBy(claim => "UFS".IndexOf(((string)claim["status"]!)[0]))?.DeepClone().AsObject() ?? new JsonObject { ["outcome"] = "SUCCESS" };
        report["outcomes"] = new JsonArray([.. claims]);
        report["resent"] = claims.Count;
        Console.WriteLine(report.ToJsonString());
        return 0;
    }

    static JsonObject Claim(Outcome outcome, int at)
    {
        var claim = new JsonObject
        {
            ["message"] = at + 1,
            ["status"] = outcome.Status,
            ["outcome"] = outcome.Status switch { "S" => "SUCCESS", "F" => "FAILED", _ => "UNKNOWN" },
            ["reason"] = outcome.Reason,
            ["alerted"] = outcome.Status != "S" && outcome.NextIn is null,
            ["observed"] = new JsonObject { ["orderStatus"] = outcome.OrderStatus },
        };
        if (outcome.Code is not null) claim["resultCode"] = outcome.Code;
        if (outcome.NextIn is { } pause) claim["nextAttemptInMs"] = (int)pause.TotalMilliseconds;
        return claim;
    }
}
