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
 * A device that sums products of matrices in double and rounds them once, and leaves all else to
 * another device. It is slow, but its errors are several times smaller.
 *
 * <p>Backprop through ReLU is not continuous: where an input of ReLU is 0 up to rounding, rounding
 * decides whether a gradient flows. A batch has millions of such inputs, and a single wrong
 * decision changes all following values far more than rounding itself does. With these sums, wrong
 * decisions are far rarer, in the first step and, since weights move by exact gradients, in later
 * ones.
 */
final class ExactSums {
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
                  Contraction how = (Contraction) arguments[0];
                  Tensor out = (Tensor) arguments[3];
                  if (isMatrixProduct(how) && out.layout().isContiguous()) {
                    Tensor a = (Tensor) arguments[1];
                    Tensor b = (Tensor) arguments[2];
                    multiply(how, a, b, out, (boolean) arguments[4]);
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

  /** Whether two matrices give a third: one letter is summed, and each keeps its other. */
  private static boolean isMatrixProduct(Contraction how) {
    String letters = how.first() + how.second() + how.result();
    return how.first().length() == 2
        && how.second().length() == 2
        && how.result().length() == 2
        && letters.chars().distinct().count() == 3;
  }

  /** out_ij (+)= sum_k of the products, where a and b have their axes in any order. */
  private static void multiply(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    boolean exchanged = how.first().indexOf(how.result().charAt(0)) < 0;
    Tensor left = exchanged ? b : a;
    Tensor right = exchanged ? a : b;
    String lefts = exchanged ? how.second() : how.first();
    String rights = exchanged ? how.first() : how.second();
    boolean rowsFirst = lefts.charAt(0) == how.result().charAt(0);
    boolean columnsLast = rights.charAt(1) == how.result().charAt(1);
    float[] ik = (rowsFirst ? left : left.permute(1, 0)).toArray();
    float[] kj = (columnsLast ? right : right.permute(1, 0)).toArray();
    int count = left.size(rowsFirst ? 1 : 0);
    int columns = out.size(1);
    float[] ij = add ? out.toArray() : new float[out.size()];
    a.backend()
        .parallel(
            out.size(0),
            i -> {
              double[] sums = new double[columns];
              for (int k = 0; k < count; k++) {
                double value = ik[i * count + k];
                for (int j = 0; j < columns; j++) {
                  sums[j] += value * kj[k * columns + j];
                }
              }
              for (int j = 0; j < columns; j++) {
                ij[i * columns + j] = (float) (ij[i * columns + j] + sums[j]);
              }
            });
    out.write(ij);
  }
}
