package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.network.Activations.CentredRelu;
import org.fasthebb.models.network.Activations.Power;
import org.fasthebb.models.network.Activations.TwoSidedThreshold;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pooling and padding, against loops over their windows. */
class PoolTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int C = 3;

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Tensor images(int b, int h, int w) {
    return Neurons.uniform(CPU, 5, 1, b, h, w, C);
  }

  private static float at(Tensor x, int b, int i, int j, int c) {
    return x.slice(0, b, b + 1).slice(1, i, i + 1).slice(2, j, j + 1).slice(3, c, c + 1).item();
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "6, 10", "7, 5", "2, 2"})
  void windows(int h, int w) {
    Tensor x = images(2, h, w);
    Tensor max = new OverlappingMaxPool("max").evaluate(x);
    Tensor mean = new MeanPool("mean").evaluate(x);
    assertArrayEquals(new int[] {2, h / 2, w / 2, C}, max.shape());
    assertArrayEquals(new int[] {2, h / 2, w / 2, C}, mean.shape());
    for (int i = 0; i < h / 2; i++) {
      for (int j = 0; j < w / 2; j++) {
        float largest = Float.NEGATIVE_INFINITY;
        float sum = 0;
        for (int y = 2 * i - 1; y < 2 * i + 3; y++) {
          for (int z = 2 * j - 1; z < 2 * j + 3; z++) {
            if (y >= 0 && y < h && z >= 0 && z < w) {
              float value = at(x, 1, y, z, 2);
              largest = Math.max(largest, value);
              sum += y / 2 == i && y >= 2 * i && z / 2 == j && z >= 2 * j ? value : 0;
            }
          }
        }
        assertEquals(largest, at(max, 1, i, j, 2));
        assertEquals(sum / 4, at(mean, 1, i, j, 2), 1e-6);
      }
    }
  }

  /** Where k does not divide a side, windows differ by one pixel. */
  @ParameterizedTest
  @CsvSource({"27, 27, 2", "6, 9, 3", "2, 5, 2", "4, 3, 1"})
  void gridsOfWindows(int h, int w, int k) {
    Tensor x = images(2, h, w);
    Tensor y = new GridPool("grid", k).evaluate(x);
    assertArrayEquals(new int[] {2, k, k, C}, y.shape());
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double sum = 0;
        int count = 0;
        for (int row = i * h / k; row < (i + 1) * h / k; row++) {
          for (int column = j * w / k; column < (j + 1) * w / k; column++) {
            sum += at(x, 1, row, column, 2);
            count++;
          }
        }
        assertEquals(sum / count, at(y, 1, i, j, 2), 1e-5);
      }
    }
  }

  @Test
  void twoSidesOfAThreshold() {
    Tensor u = CPU.of(new float[] {2, -3, 0.5f, -0.5f}, 1, 2, 2);
    float[] sides = {1, 0, 0, 2, 0, 0, 0, 0};
    assertArrayEquals(sides, new TwoSidedThreshold("sides", 1).evaluate(u).toArray());
  }

  /** Blocks of rows, of which the last has fewer, of a tensor whose rows are not in order. */
  @Test
  void twoSidesOfManyRows() {
    int rows = 77;
    int n = 1000 * CPU.threads();
    Tensor u = Neurons.uniform(CPU, 5, 2, n, rows).permute(1, 0);
    float[] in = u.toArray();
    float[] out = new TwoSidedThreshold("sides", 0.25f).evaluate(u).toArray();
    for (int i = 0; i < in.length; i++) {
      int at = i / n * 2 * n + i % n;
      assertEquals(Math.max(0, in[i] - 0.25f), out[at]);
      assertEquals(Math.max(0, -in[i] - 0.25f), out[at + n]);
    }
    assertEquals(0, new TwoSidedThreshold("sides", 1).evaluate(CPU.empty(0, 7)).size());
  }

  @Test
  void meansOfTwoSidesAreTheSameInOneStage() {
    TwoSidedThreshold sides = new TwoSidedThreshold("sides", 0.25f);
    for (int n : new int[] {5, 40, 600}) {
      Tensor u = Neurons.uniform(CPU, n, 1, 3, 7, 5, n);
      for (int k : new int[] {1, 2, 4, 9}) {
        float[] apart = GridPool.means(sides.evaluate(u), k).toArray();
        assertArrayEquals(apart, sides.pooled(k).evaluate(u).toArray(), "neurons " + n);
      }
      List<Stage> stages = List.of(sides, new GridPool("pool1", 4), new GridPool("pool2", 2));
      Sequence sequence = new Sequence(stages);
      assertEquals(2, sequence.joined().size());
      assertArrayEquals(
          sequence.evaluate(u, (stage, value) -> {}).toArray(),
          sequence.evaluate(u, Sequence.Observer.NONE).toArray());
    }
  }

  @Test
  void bordersAreMirrored() {
    Tensor x = images(2, 4, 5);
    Tensor framed = new ReflectPadding("pad", 2).evaluate(x);
    assertArrayEquals(new int[] {2, 8, 9, C}, framed.shape());
    int[] rows = {2, 1, 0, 1, 2, 3, 2, 1};
    int[] columns = {2, 1, 0, 1, 2, 3, 4, 3, 2};
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 9; j++) {
        assertEquals(at(x, 1, rows[i], columns[j], 1), at(framed, 1, i, j, 1));
      }
    }
    assertArrayEquals(x.toArray(), Padding.reflect(x, 0).toArray());
  }

  /**
   * Powers are computed after max-pooling: the results are those of computing them before, and
   * there are fewer powers.
   */
  @Test
  void thePowerOfTheLargestIsTheLargestPower() {
    Tensor u = images(2, 6, 7);
    Tensor after =
        new Power("power", 0.7f)
            .evaluate(new OverlappingMaxPool("max").evaluate(new CentredRelu("relu").evaluate(u)));
    Tensor before = new OverlappingMaxPool("max").evaluate(SoftHebb.triangle(u, 0.7f));
    assertArrayEquals(before.toArray(), after.toArray());
  }

  @Test
  void frameWiderThanTheImage() {
    Tensor x = images(1, 3, 5);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Padding.reflect(x, 3)).getMessage();
    assertTrue(message.contains("mirror 3 pixels") && message.contains("[1, 3, 5, 3]"), message);
  }

  /** An observer sees every stage; without one, a convolution and its pooling run as one stage. */
  @Test
  void networksPoolAsTheyRespond() {
    Tensor images = images(3, 32, 32);
    Network watched = new Network(CPU, Architecture.small(), Neurons.hebbian(new SoftWta()), 1);
    Network plain = new Network(CPU, Architecture.small(), Neurons.hebbian(new SoftWta()), 1);
    List<String> seen = new ArrayList<>();
    Sequence.Observer observer = (stage, _) -> seen.add(stage);
    assertArrayEquals(
        watched.learn(images, 1e-3f, observer).toArray(),
        plain.learn(images, 1e-3f, Sequence.Observer.NONE).toArray());
    assertEquals(watched.stages().stream().map(Stage::name).toList(), seen);
    watched
        .tensors()
        .forEach((name, tensor) ->
            assertArrayEquals(tensor.toArray(), plain.tensors().get(name).toArray(), name));
    assertArrayEquals(
        watched.features(images, observer).toArray(), plain.features(images).toArray());
  }
}
