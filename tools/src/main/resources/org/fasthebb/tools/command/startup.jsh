import static org.fasthebb.engine.Contraction.*;
import org.fasthebb.engine.*;
import org.fasthebb.hebb.*;
import org.fasthebb.models.network.Neurons;
import java.util.*;
Backend cpu = Backend.cpu();
Tensor random(int... shape) { return Neurons.uniform(cpu, 1, 1, shape); }
Object help = new Object() {
  public String toString() {
    return """
        a shape lists the sizes of a tensor's axes: x is (b, s), b patches of s values,
        w is (n, s), n neurons, y is (b, n); images are (b, height, width, channel).
        contract("bs,ns->bn", x, w) multiplies and sums over letters missing on the right;
        in x.plus(y), x.minus(y), x.times(y) and x.div(y) only axes of length 1 stretch.""";
  }
};
System.out.println("""
    FastHebb in JShell. Three lines to try:

      Tensor x = random(2, 3)
      contract("bs,ts->bt", x, x)
      new HebbianLayer(new Hpca(), random(8, 75), 5, 5).learn(random(4, 32, 32, 3), 1e-3f)

    There are cpu, random(shape), all tensors and rules; help is on shapes, /exit leaves.
    """);
