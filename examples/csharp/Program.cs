// A complete client of all five operations, with .NET 8 alone. From the project's folder:
//
//   dotnet run --project examples/csharp [-- --encrypt]
//
// Exit code 0 only if every response is signed by the platform and its status is S.
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args.Contains("--certify"))
{
    return await CertifyDriver.RunAsync();
}
if (args.Contains("--receive"))
{
    return await Receiver.RunAsync();
}

static string Setting(string name, string otherwise) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

static RSA Key(string file)
{
    var key = RSA.Create();
    key.ImportFromPem(File.ReadAllText(file));
    return key;
}

var clientId = Setting("CLIENT_ID", "4Q5Y8W0WSG45P907917");
using var http = new HttpClient
{
    BaseAddress = new Uri(Setting("BASE_URL", "http://127.0.0.1:8852")),
    Timeout = TimeSpan.FromSeconds(8),
};
using var merchantKey = Key(Setting("MERCHANT_KEY", $"keys/clients/{clientId}/v1.private.pem"));
using var platformKey = Key(Setting("PLATFORM_KEY", "keys/platform/v1.public.pem"));
var platformKeys = new Dictionary<int, RSA> { [1] = platformKey };
var client = new AlipayHKClient(http, clientId, merchantKey, platformKeys, encrypt: args.Contains("--encrypt"))
{
    PauseFactor = double.Parse(Setting("PAUSE_FACTOR", "1"), CultureInfo.InvariantCulture),
};

var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
const string user = "2160120074526881";
(string Path, object Message)[] calls =
[
    ("/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync", new
    {
        openId = user,
        requestTime = now,
        accountId = "85291234567",
        type = "TELECOM",
        subType = "MOBILE_SERVICE",
        status = "VALID",
        autoDebitStatus = "AUTO_DEBIT",
    }),
    ("/api/open/alipay/v1/promotion/binding/sync", new
    {
        bizTime = now,
        bizType = "BINDING_SYNC",
        operateType = "BIND",
        externalIdentityType = "UID",
        externalIdentityValue = "hb-0088231",
        userId = user,
        bindingTargetType = "PHONE",
        bindingTarget = "85291234567",
    }),
    ("/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync", new
    {
        openId = user,
        requestTime = now,
        accountId = "85291234567",
        type = "TELECOM",
        status = "VALID",
        merchant = new { merchantAccountId = "2160400000002012" },
        amount = 12800,
        currencyCode = "HKD",
        paymentResult = "SUCCESS",
        paymentDate = now,
        actionUrl = "alipayhk://platformapi/startapp?appId=20000067",
    }),
    ("/api/open/alipay/v1/merchant/order/sync", new
    {
        merchantBizNo = $"MOV{now}",
        orderStatus = "TICKETED",
        openId = user,
        merchantBizType = "MOVIE_TICKET",
        orderCreateTime = now,
        orderModifyTime = now,
        amount = new { value = "22000", currency = "HKD" },
        // A dictionary, for the names of its keys: zh_HK would be no idiomatic property.
        extInfo = new { cinema = new Dictionary<string, string> { ["zh_HK"] = "星光戲院", ["en_US"] = "Starlight Cinema" } },
    }),
    ("/api/open/alipay/v1/ipass/pass/manage/updatePass", new
    {
        merchantId = "2160400000002012",
        userId = user,
        passId = $"PASS{now}",
        status = "UPDATE",
        updateDetailType = "UPDATE_MEMBER_CARD",
        dataInfo = new Dictionary<string, string> { ["$points$"] = "1280", ["$level$"] = "金卡會員" },
    }),
];

var good = true;
foreach (var (path, message) in calls)
{
    var outcome = await client.SendAsync(path, JsonSerializer.SerializeToNode(message)!.AsObject());
    good &= outcome.Status == "S";
    Console.WriteLine($"{outcome.Status} {path}: {outcome.Reason}");
}
return good ? 0 : 1;
