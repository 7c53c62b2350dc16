namespace ThatDam.Agent.Devices;

/// <summary>What a look asks again. Nodes that came, or that bear another device than before, are asked by every look.</summary>
internal sealed record LookScope
{
    /// <summary>Compares the marks and asks nobody who is known.</summary>
    public static LookScope Marks { get; } = new();

    /// <summary>Asks every node again.</summary>
    public static LookScope All { get; } = new() { IsFull = true, TakesUnsettled = true };

    /// <summary>Asks every node that udev has done with.</summary>
    public static LookScope First { get; } = new() { IsFull = true };

    /// <summary>Compares the marks, and waits for udev no longer.</summary>
    public static LookScope Slow { get; } = new() { TakesUnsettled = true };

    /// <summary>Whether every node is asked again.</summary>
    public bool IsFull { get; init; }

    /// <summary>The names of the nodes that are asked again, such as <c>video0</c>.</summary>
    public IReadOnlySet<string> Nodes { get; init; } = new HashSet<string>();

    /// <summary>Whether the kernel or udev has just told that something changed: what is gone was there until now.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>
    /// Whether a new node is taken that udev has not done with, so that its rights may not be set yet. Else it is left to udev's message.
    /// </summary>
    public bool TakesUnsettled { get; init; }

    /// <summary>These nodes.</summary>
    public static LookScope Of(params IEnumerable<string> nodes) => new() { Nodes = nodes.ToHashSet() };

    /// <summary>Whether a node that is known is asked again.</summary>
    public bool Covers(string node) => IsFull || Nodes.Contains(node);

    /// <summary>Whether a node that is not known is left out for now.</summary>
    /// <param name="node">Its name.</param>
    public bool MayLeave(string node) => !TakesUnsettled && !Nodes.Contains(node);
}
