using System.Globalization;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Whether a process that reads nothing is at work all the same: a thread of it runs or waits for the disk, as on a machine that has too
/// much to do. One that was stopped, or waits for what never comes, is not. Source: proc_pid_stat(5), state.
/// </summary>
/// <param name="pid">The process.</param>
/// <param name="proc">Where the kernel tells it.</param>
internal sealed class ReaderWatch(int pid, string proc = "/proc")
{
    /// <summary>Whether one of its threads is runnable (R) or in the disk (D) at this moment.</summary>
    public bool IsAtWork()
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"{proc}/{pid}/task")).Any(task => State(task) is 'R' or 'D');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended
        }
    }

    private static char State(string task)
    {
        try
        {
            // The name stands in parentheses and may hold any character.
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            var end = stat.LastIndexOf(')');
            return end >= 0 && end + 2 < stat.Length ? stat[end + 2] : '?';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return '?'; // the thread has ended
        }
    }
}
