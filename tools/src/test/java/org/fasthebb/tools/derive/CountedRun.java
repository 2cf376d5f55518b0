package org.fasthebb.tools.derive;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Storage;
import org.fasthebb.engine.Tensor;
import org.fasthebb.tools.derive.algebra.AxisSizes;
import org.fasthebb.tools.derive.algebra.CallChain;
import org.fasthebb.tools.derive.algebra.EngineRun;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Evaluator;

/** A plan on a device that computes nothing and counts the multiplications it is asked for. */
final class CountedRun {
  private long multiplications;
  private long largest;

  private CountedRun() {}

  static CountedRun of(Equation form, CallChain plan, AxisSizes sizes) {
    CountedRun counted = new CountedRun();
    Backend backend = new Backend(counted.device());
    Map<String, Tensor> inputs = new HashMap<>();
    form.inputs()
        .forEach((name, tensor) -> {
          int[] shape = Evaluator.shape(tensor).stream().mapToInt(sizes::size).toArray();
          inputs.put(name, backend.zeros(shape));
        });
    EngineRun.run(plan, backend, sizes, inputs);
    return counted;
  }

  long multiplications() {
    return multiplications;
  }

  /** Elements of the largest tensor that an operation made. */
  long largest() {
    return largest;
  }

  private Device device() {
    InvocationHandler count =
        (_, method, arguments) ->
            switch (method.getName()) {
              case "empty", "zeros" -> new Storage(new float[0]);
              case "scope" -> new NoScope();
              case "contract" -> {
                Tensor out = (Tensor) arguments[3];
                made(out);
                yield count(out.size() * summed((Contraction) arguments[0], (Tensor) arguments[1]));
              }
              case "zip" -> {
                made((Tensor) arguments[3]);
                yield arguments[0] == Op.Binary.MULTIPLY
                    ? count(((Tensor) arguments[3]).size())
                    : null;
              }
              case "map" -> {
                made((Tensor) arguments[3]);
                yield arguments[0] == Op.Unary.SCALE ? count(((Tensor) arguments[3]).size()) : null;
              }
              case "reduce" -> {
                made((Tensor) arguments[2]);
                yield null;
              }
              case "download" -> null;
              default -> throw new UnsupportedOperationException(method.getName());
            };
    return (Device)
        Proxy.newProxyInstance(Device.class.getClassLoader(), new Class<?>[] {Device.class}, count);
  }

  /** Products that are summed in one element: the axes of the first operand that are not kept. */
  private static long summed(Contraction how, Tensor a) {
    long products = 1;
    for (int i = 0; i < how.first().length(); i++) {
      products *= how.result().indexOf(how.first().charAt(i)) < 0 ? a.size(i) : 1;
    }
    return products;
  }

  private Object count(long more) {
    multiplications += more;
    return null;
  }

  private void made(Tensor out) {
    largest = Math.max(largest, out.size());
  }

  private static final class NoScope implements Scope {
    @Override
    public Tensor keep(Tensor tensor) {
      return tensor;
    }

    @Override
    public void close() {}
  }
}
