using ThatDam.Cli;
using ThatDam.Cli.Output;

return CommandLine.Run(args, Terminal.OfProcess());
