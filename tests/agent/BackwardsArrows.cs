#pragma warning disable IDE0130, IDE0065, CA1812, CA1822, CS0649, CS0169, CA1823, IDE0044, IDE0051, CA1859
// Every way to name a later room, so that the test of the arrows can be seen to see each.
namespace ThatDam.Agent.Tests.Backwards.Early
{
    using ThatDam.Agent.Tests.Backwards.Late;

    internal sealed class ByBase : Thing;

    internal sealed class ByInterface : IThing;

    internal sealed class ByField
    {
        private Thing? _thing;
    }

    internal sealed class ByGenericField
    {
        private List<Dictionary<string, Thing[]>>? _things;
    }

    internal sealed class ByParameter
    {
        public void Take(Thing thing) => _ = thing;
    }

    internal sealed class ByResult
    {
        public Thing? Give() => null;
    }

    internal sealed class ByStaticCall
    {
        public void Call() => Door.Open();
    }

    internal sealed class ByNew
    {
        public object Make() => new Thing();
    }

    internal sealed class ByLambda
    {
        public Func<object> Make() => () => new Thing();
    }

    internal sealed class ByAsync
    {
        public async Task CallAsync()
        {
            await Task.Yield();
            Door.Open();
        }
    }

    internal sealed class ByCast
    {
        public bool Is(object o) => o is Thing;
    }

    internal sealed class ByTypeof
    {
        public Type Get() => typeof(Thing);
    }

    internal sealed class ByGenericCall
    {
        public object Make() => Activator.CreateInstance<Thing>();
    }

    internal sealed class ByConstraint<T>
        where T : IThing;

    internal sealed class ByAttribute
    {
        [Mark]
        public void Marked()
        {
        }
    }

    internal sealed class ByCatch
    {
        public void Try()
        {
            try
            {
                GC.KeepAlive(this);
            }
            catch (Fault)
            {
                GC.KeepAlive(this);
            }
        }
    }
}

namespace ThatDam.Agent.Tests.Backwards.Late
{
    using ThatDam.Agent.Tests.Backwards.Early;

    internal interface IThing;

    internal class Thing;

    internal sealed class Fault : Exception;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class MarkAttribute : Attribute;

    internal static class Door
    {
        public static void Open()
        {
        }

        // The right way round.
        public static object Back() => new ByField();
    }
}
