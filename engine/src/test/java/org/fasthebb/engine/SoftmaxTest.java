package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxTest {
  private static double[] reference(Tensor x, double scale) {
    int n = x.size(-1);
    double[] p = Tensors.doubles(x);
    for (int row = 0; row < p.length; row += n) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        max = Math.max(max, p[row + i]);
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        p[row + i] = Math.exp(scale * (p[row + i] - max));
        sum += p[row + i];
      }
      for (int i = 0; i < n; i++) {
        p[row + i] /= sum;
      }
    }
    return p;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 96, 101, 1000, 9000})
  void rowsOfEverySize(int n) {
    Tensor x = random(n, 5, n);
    // Rounding scale * x costs scale * 2^-24 relative.
    for (float scale : new float[] {0.1f, 1, 50}) {
      assertClose(reference(x, scale), x.softmax(scale), 1e-10, 1e-6 + scale * 2.4e-7);
    }
  }

  @Test
  void manyRowsAndAxes() {
    Tensor x = random(1, 7, 150, 33);
    assertClose(reference(x, 3), x.softmax(3), 1e-10, 3e-6);
    assertArrayEquals(x.shape(), x.softmax(3).shape());
  }

  @Test
  void viewsAreReadAsIfGapless() {
    Tensor x = random(1, 9, 20);
    assertArrayEquals(x.softmax(1).toArray(), Tensors.withGaps(x).softmax(1).toArray());
    assertArrayEquals(x.softmax(1).toArray(), Tensors.transposed(x).softmax(1).toArray());
    Tensor patches = random(2, 1, 5, 5, 2).patches(2, 2);
    assertClose(reference(patches, 1), patches.softmax(1), 0, 2e-6);
  }

  @Test
  void largeValuesDoNotOverflow() {
    Tensor x = Tensors.CPU.of(new float[] {1e4f, 1e4f, -1e4f, 3e38f, -3e38f, 0}, 2, 3);
    assertClose(new double[] {0.5, 0.5, 0, 1, 0, 0}, x.softmax(1), 0, 0);
    Tensor infinite = Tensors.CPU.of(new float[] {Float.NEGATIVE_INFINITY, 2, 2}, 3);
    assertClose(new double[] {0, 0.5, 0.5}, infinite.softmax(1), 0, 0);
  }

  @Test
  void rowsOfOneValueAndEmptyTensors() {
    assertArrayEquals(new float[] {1, 1, 1}, random(1, 3, 1).times(1e30f).softmax(50).toArray());
    assertEquals(1, Tensors.counting().softmax(1).item());
    assertEquals(0, Tensors.counting(0, 5).softmax(1).size());
    assertEquals(0, Tensors.counting(5, 0).softmax(1).size());
  }

  @Test
  void inPlace() {
    Tensor x = random(1, 30, 70);
    float[] expected = x.softmax(2).toArray();
    Tensors.CPU.device().softmax(x, 2, x);
    assertArrayEquals(expected, x.toArray());
  }

  @Test
  void scaleThatIsNotPositiveIsRefused() {
    for (float scale : new float[] {-1, Float.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> random(1, 3).softmax(scale))
              .getMessage();
      assertTrue(message.contains("" + scale), message);
    }
    assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, random(1, 4).softmax(0).toArray());
  }
}
