package org.fasthebb.tools.derive.exercise;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HebbianLayer;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Oja;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.hebb.Statistics;

/**
 * Small calculations that go through the pieces that exercises cut out. Given the name of one, they
 * return the shape and the elements of the result.
 *
 * <p>They run in the program itself and in copies of it (see {@link ReplicaLoader}), so what they
 * take and return are types of the JDK. Sizes differ, so that what is transposed is wrong.
 */
public final class Trials implements Function<String, Map.Entry<int[], float[]>> {
  /** Called by reflection in the copies. */
  public Trials() {}

  @Override
  public Map.Entry<int[], float[]> apply(String name) {
    try (Backend cpu = Backend.cpu(1)) {
      Tensor result = tensor(name, cpu);
      return Map.entry(result.shape(), result.toArray());
    }
  }

  private static Tensor tensor(String name, Backend cpu) {
    Tensor images = random(cpu, 1, 3, 6, 5, 2); // three images, in each 5 x 3 patches of 2 x 3
    Tensor w = random(cpu, 2, 7, 12);
    return switch (name) {
      case "oja" -> statistics(new Oja(), images, w).delta();
      case "soft-wta" -> {
        Tensor target = random(cpu, 3, 7, 12);
        statistics(new SoftWta(0.2f), images, w).addDelta(target, 0.5f);
        yield target;
      }
      case "triangle" -> statistics(new Hpca(Hpca.Form.GRAM), images, w).delta();
      case "residual" -> {
        Tensor y = random(cpu, 4, 9, 7).relu();
        literal(cpu.device()).deflate(y, random(cpu, 5, 9, 12), w, 3, 0.1f, w);
        yield w;
      }
      case "patches" -> images.slice(0, 1, 3).patches(2, 3);
      case "batch-norm" -> {
        BatchNorm norm = new BatchNorm(cpu, 4, true);
        Tensor deviations = cpu.of(new float[] {1, 2, 3, 4}, 4);
        yield norm.train(random(cpu, 6, 5, 4).times(deviations)).output();
      }
      case "shards" -> {
        HebbianRule hpca = new Hpca(Hpca.Form.GRAM);
        Statistics all = statistics(hpca, images.slice(0, 0, 1), w);
        all.merge(statistics(hpca, images.slice(0, 1, 3), w));
        yield all.delta();
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** What a layer of 2 x 3 patches observes. */
  private static Statistics statistics(HebbianRule rule, Tensor images, Tensor w) {
    Tensor out = images.backend().empty(images.size(0), 5, 3, w.size(0));
    return new HebbianLayer(rule, w, 2, 3).observe(images, out);
  }

  /** A device that runs the definition of an operation, where it has one, and not its own code. */
  private static Device literal(Device device) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.isDefault()
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : method.invoke(device, arguments);
    return (Device)
        Proxy.newProxyInstance(
            Device.class.getClassLoader(), new Class<?>[] {Device.class}, handler);
  }

  private static Tensor random(Backend cpu, int seed, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return cpu.of(values, shape);
  }
}
