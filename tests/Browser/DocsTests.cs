using System.Collections.Concurrent;
using Microsoft.Playwright;
using Sak.Agent.WhatsApp;
using Sak.Tests.Contracts;

namespace Sak.Tests.Browser;

/// <summary>The page on which people read and try the server's API, in a real browser.</summary>
public sealed class DocsTests
{
    [Fact]
    public async Task Somebody_with_a_key_tries_the_api_on_the_page_and_nothing_is_asked_of_any_other_server()
    {
        using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await server.AddShopAsync();
        using var owner = await server.AddKeyAsync(key.Shop, "owner");
        var ownersKey = owner.DefaultRequestHeaders.Authorization!.Parameter!;
        var page = await browser.NewPageAsync();
        var (asked, faults) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };
        page.PageError += (_, fault) => faults.Add(fault);

        await page.GotoAsync(new Uri(server.Address, "/docs").ToString());
        await page.GetByPlaceholder("Token").First.FillAsync(ownersKey);
        await page.GetByText("Open Group - Catalog").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Products of the shop" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request (get /api/products)" }).First.ClickAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Send get request to" }).First.ClickAsync(),
            response => response.Url.Contains("/api/products", StringComparison.Ordinal));

        Assert.Equal(200, answer.Status);
        Assert.Equal($"Bearer {ownersKey}", (await answer.Request.AllHeadersAsync())["authorization"]);
        await Assertions.Expect(page.GetByText("200 OK").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("\"total\"").First).ToBeVisibleAsync();
        Assert.All(asked, url => Assert.Equal(server.Address.Port, new Uri(url).Port));
        Assert.Empty(faults);
    }

    [Fact]
    public async Task The_page_can_send_nothing_to_another_server()
    {
        using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await using var other = await TestServer.StartAsync(Engine.Sqlite);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(server.Address, "/docs").ToString());

        var refused = await page.EvaluateAsync<string>(
            "url => fetch(url, { mode: 'no-cors' }).then(() => 'sent', fault => `${fault}`)",
            new Uri(other.Address, "/health").ToString());

        Assert.Contains("TypeError", refused);
    }

    private static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var path = "";
        try
        {
            path = Browsers.Find("auto", playwright.Chromium.ExecutablePath);
        }
        catch (WhatsAppException missing)
        {
            Assert.Skip(missing.Message);
        }

        // Chromium does not start its sandbox for root, which tests in containers are.
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }
}
