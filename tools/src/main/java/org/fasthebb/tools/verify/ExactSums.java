package org.fasthebb.tools.verify;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * A device that sums the products of a forward pass in double and rounds them once, and leaves all
 * else to another device. It is slow, but the errors of a layer's output are several times smaller.
 * Backward passes are computed by the other device.
 *
 * <p>Backprop through ReLU is not continuous: where an input of ReLU is 0 up to rounding, rounding
 * decides whether a gradient flows. A batch has millions of such inputs, and a single wrong
 * decision changes all following values far more than rounding itself does. With these sums, wrong
 * decisions are far rarer.
 */
final class ExactSums {
  private static final Contraction FORWARD = Contraction.of("bs,ns->bn");

  private ExactSums() {}

  /** A backend that sums in double; closing it does not close {@code backend}. */
  static Backend on(Backend backend) {
    Device device = backend.device();
    Object exact =
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            new Class<?>[] {Device.class},
            (_, method, arguments) -> {
              switch (method.getName()) {
                case "close" -> {
                  return null;
                }
                case "record" -> {
                  return repeated(device, (Runnable) arguments[0]);
                }
                case "contract" -> {
                  Tensor out = (Tensor) arguments[3];
                  boolean add = (boolean) arguments[4];
                  if (arguments[0] == FORWARD && !add && out.layout().isContiguous()) {
                    multiply((Tensor) arguments[1], (Tensor) arguments[2], out);
                    return null;
                  }
                }
                default -> {}
              }
              try {
                return method.invoke(device, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return new Backend((Device) exact);
  }

  /** Work that is run again each time, since sums in double cannot be recorded. */
  private static Recording repeated(Device device, Runnable work) {
    return new Recording() {
      @Override
      public void run() {
        try (Scope _ = device.scope()) {
          work.run();
        }
      }

      @Override
      public void close() {}
    };
  }

  /** y_bn = sum_s x_bs w_ns. */
  private static void multiply(Tensor xs, Tensor ws, Tensor ys) {
    float[] x = xs.toArray();
    float[] w = ws.permute(1, 0).toArray(); // (s, n): the innermost loop is along n
    int s = xs.size(1);
    int n = ws.size(0);
    float[] y = new float[ys.size()];
    xs.backend()
        .parallel(
            xs.size(0),
            row -> {
              double[] sums = new double[n];
              for (int i = 0; i < s; i++) {
                double value = x[row * s + i];
                for (int j = 0; j < n; j++) {
                  sums[j] += value * w[i * n + j];
                }
              }
              for (int j = 0; j < n; j++) {
                y[row * n + j] = (float) sums[j];
              }
            });
    ys.write(y);
  }
}
