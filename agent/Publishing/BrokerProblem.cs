namespace ThatDam.Agent.Publishing;

/// <summary>Why events do not reach the broker. Holds no password.</summary>
/// <param name="Text">The thing and the reason. The same for the same problem: it is told once.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record BrokerProblem(string Text, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Text} {Remedy}";
}

/// <summary>Thrown where the problem is known in words.</summary>
internal sealed class BrokerProblemException(BrokerProblem problem) : Exception(problem.ToString())
{
    /// <summary>What is wrong.</summary>
    public BrokerProblem Problem { get; } = problem;
}
