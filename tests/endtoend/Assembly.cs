using Xunit.Sdk;
using Xunit.v3;

// Recordings are real time and share two processors: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
