using System.Diagnostics;

namespace ThatDam.EndToEnd.Tests;

/// <summary>Waits for conditions, each with a deadline.</summary>
internal static class Eventually
{
    /// <summary>Waits until the condition holds; fails the test with <paramref name="what"/> after <paramref name="seconds"/>.</summary>
    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 10) =>
        TrueAsync(() => Task.FromResult(condition()), what, seconds);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, double)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 10)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var asked = Stopwatch.StartNew();
            if (await condition())
                return;
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"after {seconds} s still not so: {what}");
            // Asking may start a program: where that is slow, it must not take the processor from what is waited for.
            await Task.Delay(TimeSpan.FromMilliseconds(20) + (4 * asked.Elapsed));
        }
    }
}
