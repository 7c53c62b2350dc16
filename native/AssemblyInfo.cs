using System.Runtime.CompilerServices;

// Every struct that crosses to the kernel is blittable, so the runtime has nothing to marshal.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("ThatDam.Native.Tests")]
