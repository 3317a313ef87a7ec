// YARP as a bare proxy, as its own guide has it, with the route and the cluster in code: no session, no sign-in, no token of its own.
using System.Text.Json;
using Yarp.ReverseProxy.Configuration;

var world = JsonDocument.Parse(Environment.GetEnvironmentVariable("BENCH_WORLD")!).RootElement;
var api = world.GetProperty("apiOrigin").GetString()!;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");
builder.Services.AddReverseProxy().LoadFromMemory(
    [
        new RouteConfig
        {
            RouteId = "orders",
            ClusterId = "api",
            Match = new RouteMatch { Path = "/api/orders/{**rest}" },
            Transforms = [new Dictionary<string, string> { ["PathRemovePrefix"] = "/api/orders" }],
        },
    ],
    [
        new ClusterConfig
        {
            ClusterId = "api",
            Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = api } },
        },
    ]);
var app = builder.Build();
app.MapReverseProxy();
app.Run();
