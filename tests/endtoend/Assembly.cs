using Xunit.Sdk;
using Xunit.v3;

// Recordings are real time and share two processors: one test at a time. Classes with the trait `pace` = `waits` need little of them, assert no
// short times, and share nothing: tests/run.sh runs several of those at once.
[assembly: Parallelization(Mode = ParallelMode.None)]
