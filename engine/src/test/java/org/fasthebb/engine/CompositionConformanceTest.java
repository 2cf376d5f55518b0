package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Compares operations that a device computes in its own way with the compositions of plain
 * operations in {@link Device}.
 */
class CompositionConformanceTest extends Conformance {
  /**
   * A backend whose device uses the compositions, and the given backend's device for plain
   * operations.
   */
  private static Backend composing(Backend backend) {
    Object device =
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            new Class<?>[] {Device.class},
            (proxy, method, arguments) -> {
              if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
              }
              try {
                return method.invoke(backend.device(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return new Backend((Device) device);
  }

  /** Compositions that the CPU does not need, or on which it spends little. */
  private static final Set<String> CHEAP =
      Set.of("norms", "addDelta", "fold", "batchNorm", "batchNormBackward");

  /** Compositions for which a GPU has no kernel of its own: it runs their parts one by one. */
  private static final Set<String> NOT_ON_GPU = Set.of("sumExcess");

  @Test
  void devicesOverrideEveryComposition() throws NoSuchMethodException {
    for (Backend backend : backends()) {
      Class<?> device = backend.device().getClass();
      for (Method method : Device.class.getMethods()) {
        boolean mayCompose = (backend.isRemote() ? NOT_ON_GPU : CHEAP).contains(method.getName());
        if (method.isDefault() && !method.getName().equals("upload") && !mayCompose) {
          Class<?> own =
              device.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass();
          assertNotEquals(Device.class, own, method.toString());
        }
      }
    }
  }

  @OnEveryBackend
  void compete(Backend backend) {
    for (int[] shape :
        new int[][] {{1, 1}, {7, 33}, {2200, 96}, {3, 256}, {300, 257}, {2, 4096}, {2, 4097}}) {
      Tensor[] results = new Tensor[6];
      int at = 0;
      for (Backend on : new Backend[] {backend, composing(backend)}) {
        Tensor patchNorms = View.PLAIN.of(on, random(2, shape[0], 1)).square().plus(0.5f);
        Tensor neuronNorms = View.PLAIN.of(on, random(3, 1, shape[1])).square().plus(0.5f);
        Tensor y = View.PLAIN.of(on, random(4, shape)).times(patchNorms).times(neuronNorms);
        Tensor squares = on.empty(shape);
        Tensor sums = View.PLAIN.of(on, random(5, 2, shape[1]));
        on.device().compete(y, patchNorms, neuronNorms, 50, squares, sums);
        results[at++] = y;
        results[at++] = squares;
        results[at++] = sums;
      }
      assertClose("outputs", Tensors.doubles(results[3]), results[0], 1e-6, 1e-5);
      assertClose("squares", Tensors.doubles(results[4]), results[1], 1e-6, 1e-3);
      assertClose("sums", Tensors.doubles(results[5]), results[2], 1e-4, 1e-3);
    }
  }

  @OnEveryBackend
  void norms(Backend backend) {
    for (int[] shape : new int[][] {{1, 1}, {7, 33}, {3, 4000}, {70, 5}}) {
      for (int axis : new int[] {0, 1}) {
        Tensor x = random(1, shape);
        x.slice(1 - axis, 0, 1).fill(0);
        Tensor[] results = new Tensor[2];
        int at = 0;
        for (Backend on : new Backend[] {backend, composing(backend)}) {
          results[at++] = View.GAPS.of(on, x).norms(axis);
        }
        assertEquals(1, results[0].slice(0, 0, 1).slice(1, 0, 1).item());
        assertClose(Tensors.doubles(results[1]), results[0], 1e-6, 1e-5);
      }
    }
    Tensor patches = View.PLAIN.of(backend, random(2, 2, 7, 6, 5)).patches(3, 2);
    double[] expected = Tensors.doubles(patches.copy().sumOfSquares(1).sqrt());
    assertClose(expected, patches.norms(1), 1e-6, 1e-5);
  }

  @OnEveryBackend
  void addDelta(Backend backend) {
    for (int[] shape : new int[][] {{1, 1}, {7, 33}, {65, 20}}) {
      for (View view : new View[] {View.PLAIN, View.GAPS}) {
        Tensor[] results = new Tensor[4];
        int at = 0;
        for (Backend on : new Backend[] {backend, composing(backend)}) {
          Tensor a = view.of(on, random(1, shape));
          Tensor w = view.of(on, random(2, shape));
          Tensor q = random(3, 2, shape[0]).square().plus(0.1f);
          q.slice(1, 0, 1).fill(0);
          Tensor sums = View.PLAIN.of(on, q);
          Tensor other = view.of(on, random(4, shape));
          on.device().addDelta(a, w, sums, 0.3f, other);
          on.device().addDelta(a, w, sums, 0.3f, w);
          results[at++] = w;
          results[at++] = other;
        }
        assertClose("into w", Tensors.doubles(results[2]), results[0], 1e-5, 1e-5);
        assertClose("into another", Tensors.doubles(results[3]), results[1], 1e-5, 1e-5);
      }
    }
  }

  @OnEveryBackend
  void deflate(Backend backend) {
    for (int n : new int[] {1, 33, 257}) {
      for (int block : new int[] {1, 24, 300}) {
        Tensor[] results = new Tensor[2];
        int at = 0;
        for (Backend on : new Backend[] {backend, composing(backend)}) {
          Tensor y = View.GAPS.of(on, random(n, 9, n).relu());
          Tensor x = View.TRANSPOSED.of(on, random(2, 9, 40));
          Tensor w = View.PLAIN.of(on, random(3, n, 40).times(0.1f));
          on.device().deflate(y, x, w, block, 0.25f, w);
          results[at++] = w;
        }
        assertClose(Tensors.doubles(results[1]), results[0], 2e-4, 1e-4);
      }
    }
  }

  @OnEveryBackend
  void batchNorm(Backend backend) {
    for (int n : new int[] {1, 33, 600, 3000}) {
      for (boolean modified : new boolean[] {false, true}) {
        Tensor[] results = new Tensor[2];
        int at = 0;
        for (Backend on : new Backend[] {backend, composing(backend)}) {
          BatchNorm norm = new BatchNorm(on, n, modified);
          norm.gamma().write(random(1, n).toArray());
          norm.beta().write(random(2, n).toArray());
          norm.runningVariance().write(random(3, n).square().toArray());
          Tensor mean = View.PLAIN.of(on, random(4, n));
          Tensor variance = View.PLAIN.of(on, random(5, n).square());
          Tensor made = on.empty(6, n);
          Tensor[] rows = new Tensor[6];
          Arrays.setAll(rows, i -> made.slice(0, i, i + 1).reshape(n));
          on.device().batchNorm(norm, mean, variance, 1.5f, rows[0], rows[1], rows[2], rows[3]);
          rows[4].assign(norm.runningMean());
          rows[5].assign(norm.runningVariance());
          results[at++] = made;
        }
        assertClose(Tensors.doubles(results[1]), results[0], 1e-6, 1e-5);
      }
    }
  }

  @OnEveryBackend
  void batchNormBackward(Backend backend) {
    for (int[] shape : new int[][] {{1, 1}, {150, 33}, {9, 600}}) {
      int n = shape[1];
      Tensor[] results = new Tensor[4];
      int at = 0;
      for (Backend on : new Backend[] {backend, composing(backend)}) {
        Tensor x = View.PLAIN.of(on, random(1, shape));
        Tensor dy = View.PLAIN.of(on, random(2, shape));
        Tensor mean = View.PLAIN.of(on, random(3, n));
        Tensor inverse = View.PLAIN.of(on, random(4, n).square().plus(0.5f));
        Tensor scale = View.PLAIN.of(on, random(5, n));
        Tensor sums = on.empty(2, n);
        Tensor dx = on.empty(shape);
        on.device().batchNormBackward(x, dy, mean, inverse, scale, sums, dx);
        on.device().batchNormBackward(x, dy, mean, inverse, scale, sums.copy(), null);
        results[at++] = sums;
        results[at++] = dx;
      }
      assertClose("sums", Tensors.doubles(results[2]), results[0], 1e-5, 1e-4);
      assertClose("dx", Tensors.doubles(results[3]), results[1], 1e-5, 1e-5);
    }
  }

  @OnEveryBackend
  void fold(Backend backend) {
    for (int[] kernel : new int[][] {{1, 1}, {3, 2}, {5, 6}}) {
      Tensor[] results = new Tensor[2];
      int at = 0;
      int kh = kernel[0];
      int kw = kernel[1];
      for (Backend on : new Backend[] {backend, composing(backend)}) {
        Tensor x = on.empty(3, 5, 6, 7);
        int rows = 3 * (6 - kh) * (7 - kw);
        Tensor patches = View.PLAIN.of(on, random(1, rows, kh * kw * 7));
        on.device().fold(patches, kh, kw, x);
        results[at++] = x;
      }
      assertClose(Tensors.doubles(results[1]), results[0], 1e-6, 1e-5);
    }
  }

  @OnEveryBackend
  void descend(Backend backend) {
    for (int n : new int[] {1, 33, 1000}) {
      Tensor[] results = new Tensor[4];
      int at = 0;
      for (Backend on : new Backend[] {backend, composing(backend)}) {
        Tensor w = View.PLAIN.of(on, random(1, n));
        Tensor velocity = View.PLAIN.of(on, random(3, n));
        List<Tensor> gradient = List.of(View.PLAIN.of(on, random(2, n)));
        on.device().descend(List.of(w), gradient, List.of(velocity), 0.1f, 0.9f, 0.01f);
        results[at++] = w;
        results[at++] = velocity;
      }
      assertClose("w", Tensors.doubles(results[2]), results[0], 1e-6, 1e-5);
      assertClose("velocity", Tensors.doubles(results[3]), results[1], 1e-6, 1e-5);
    }
  }
}
