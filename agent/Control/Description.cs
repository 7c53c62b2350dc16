using Microsoft.OpenApi;

namespace ThatDam.Agent.Control;

/// <summary>The API's description of itself, /openapi/v1.json, made from the routes.</summary>
internal static class Description
{
    public static void AddDescription(this IServiceCollection services, string version) => services.AddOpenApi(options => options
        // A time with a converter of its own has its format there, but not its type.
        .AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(DateTimeOffset))
                schema.Type ??= JsonSchemaType.String;
            return Task.CompletedTask;
        })
        .AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "ThatDAM Capture",
                Version = version,
                Description = "The capture daemon's API on its Unix socket. Every error is a problem (RFC 9457) with a stable code and, where there is one, a remedy.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        }));
}
