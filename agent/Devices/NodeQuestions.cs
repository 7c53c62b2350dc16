namespace ThatDam.Agent.Devices;

/// <summary>
/// Asks nodes what they can do, each on a thread of its own, for a driver may hang. One that has not answered after <see cref="Patience"/> is
/// given up, and its thread with it until it does answer; it holds up no other, and is not asked again meanwhile. Instances of one driver on
/// one parent are asked one after another, for they may be alike.
/// </summary>
/// <param name="gate">Guards the nodes.</param>
/// <param name="time">Runs the patience.</param>
/// <param name="probe">Opens a node and asks it everything.</param>
/// <param name="siblings">What other instances of a node's driver on its parent list.</param>
internal sealed class NodeQuestions(
    Lock gate, TimeProvider time, Probe probe, Func<ScannedNode, IReadOnlyList<ModeTable>> siblings)
{
    /// <summary>How long a driver may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, SemaphoreSlim> _families = []; // guarded by the gate; few, for each is a driver's parent

    /// <summary>Raised when a node that had been given up has answered after all.</summary>
    public event Action? AnsweredLate;

    /// <summary>Raised when a node that came has said who it is, and what it can do takes a while.</summary>
    public event Action? Named;

    /// <summary>
    /// Asks a node. What it answers was asked after this call: where it is being asked already, it is asked once more for all who came
    /// meanwhile. Ends when it has answered or is given up.
    /// </summary>
    public Task AskAsync(ScannedNode node)
    {
        lock (gate)
        {
            if (node.Asked is not { } asked)
                return Begin(node);
            if (asked.IsSilent)
                return Task.CompletedTask;
            return node.Next ??= NextAsync(node, asked.Done);
        }
    }

    private async Task NextAsync(ScannedNode node, Task before)
    {
        await before.ConfigureAwait(false);
        Task now;
        lock (gate)
        {
            node.Next = null;
            now = node.Asked is null ? Begin(node) : Task.CompletedTask;
        }
        await now.ConfigureAwait(false);
    }

    // Under the gate.
    private Task Begin(ScannedNode node)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Asked = new NodeQuestion { Done = done.Task };
        _ = RunAsync(node, node.Asked, done);
        return done.Task;
    }

    private async Task RunAsync(ScannedNode node, NodeQuestion question, TaskCompletionSource done)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // nothing runs under the gate
        var family = Family(node);
        var isFirst = await EnterAsync(family).ConfigureAwait(false);
        var answer = Task.Factory.StartNew(() => Ask(node, question), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Accept(node, question, await answer.WaitAsync(Patience, time).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            if (!GiveUp(node, question, answer))
                Accept(node, question, await answer.ConfigureAwait(false));
        }
        finally
        {
            if (isFirst)
                family.Release();
            done.SetResult();
        }
    }

    private bool GiveUp(ScannedNode node, NodeQuestion question, Task<DeviceProbe> answer)
    {
        lock (gate)
        {
            if (answer.IsCompleted)
                return false;
            question.IsSilent = true;
            var known = node.Answer is { IsBeingRead: true } named ? named : new DeviceProbe { Role = DeviceRoles.Guess(node.Name) };
            node.Answer = known with { IsBeingRead = false, Problem = DeviceProblems.Silent(node.Path, Patience) };
            node.AnsweredAt = time.GetTimestamp();
        }
        _ = LateAsync(node, question, answer);
        return true;
    }

    private async Task LateAsync(ScannedNode node, NodeQuestion question, Task<DeviceProbe> answer)
    {
        Accept(node, question, await answer.ConfigureAwait(false));
        AnsweredLate?.Invoke();
    }

    private void Accept(ScannedNode node, NodeQuestion question, DeviceProbe found)
    {
        lock (gate)
        {
            node.Answer = found;
            node.AnsweredAt = time.GetTimestamp();
            if (node.Asked == question)
                node.Asked = null;
        }
    }

    private void Name(ScannedNode node, NodeQuestion question, DeviceProbe named, bool takesLong)
    {
        lock (gate)
        {
            if (node.Answer is { IsBeingRead: false } || question.IsSilent)
                return; // it was read before
            node.Answer = named;
            node.AnsweredAt = time.GetTimestamp();
        }
        if (takesLong)
            Named?.Invoke();
    }

    private DeviceProbe Ask(ScannedNode node, NodeQuestion question)
    {
        try
        {
            return probe(node.Path, siblings(node), (named, takesLong) => Name(node, question, named, takesLong));
        }
        catch (Exception e)
        {
            // A fault of this program: the node is told, and the others are asked.
            return new DeviceProbe { Role = DeviceRoles.Guess(node.Name), Problem = $"{node.Path} could not be read: {e.Message}" };
        }
    }

    private SemaphoreSlim Family(ScannedNode node)
    {
        lock (gate)
        {
            if (!_families.TryGetValue(node.Family, out var family))
                _families.Add(node.Family, family = new SemaphoreSlim(1));
            return family;
        }
    }

    // Behind one that hangs nobody waits longer than for that one.
    private async Task<bool> EnterAsync(SemaphoreSlim family)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await family.WaitAsync(patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
