package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.apart;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transposed convolution and max-unpooling against their definitions, pixel by pixel. */
class DecoderOperationsTest {
  private final Tape tape = new Tape();

  @ParameterizedTest
  @CsvSource({
    "2, 4, 3, 3, 2, 3, 2",
    "3, 1, 1, 4, 5, 3, 3",
    "2, 3, 4, 2, 5, 1, 1",
    "1, 9, 7, 19, 33, 5, 4",
    "2, 8, 9, 33, 15, 5, 5", // few channels
    "2, 6, 8, 7, 17, 3, 3", // large images, 3 x 3
    "9, 10, 10, 40, 36, 3, 3",
    "2, 5, 8, 7, 17, 3, 3" // small images
  })
  void everyNeuronPaintsItsPatch(int b, int h, int w, int n, int c, int kh, int kw) {
    Tensor images = integers(1, b, h, w, n);
    Tensor weights = integers(2, n, kh * kw * c);
    int ho = h + kh - 1;
    int wo = w + kw - 1;
    double[] expected = new double[b * ho * wo * c];
    float[] x = images.toArray();
    float[] v = weights.toArray();
    Tensors.forEachIndex(
        new int[] {b, h, w, n, kh, kw, c},
        at -> {
          int from = ((at[0] * h + at[1]) * w + at[2]) * n + at[3];
          int weight = ((at[3] * kh + at[4]) * kw + at[5]) * c + at[6];
          int to = ((at[0] * ho + at[1] + at[4]) * wo + at[2] + at[5]) * c + at[6];
          expected[to] += (double) x[from] * v[weight];
        });
    Tensor y =
        tape.convolveTransposed(tape.constant(images), tape.constant(weights), kh, kw).value();
    assertArrayEquals(new int[] {b, ho, wo, c}, y.shape());
    assertClose(expected, y, 5e-3, 0); // exact but for the rounding of Winograd's filtering
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 4, 2, 2", "2, 5, 3, 2, 2", "1, 7, 6, 1, 3", "1, 28, 28, 96, 2"})
  void valuesGoWhereTheMaximaWere(int b, int h, int w, int c, int k) {
    Tensor images = apart(1, b, h, w, c);
    Tensor values = random(2, b, h / k, w / k, c);
    Variable pooled = tape.maxPool(tape.constant(images), k);
    float[] x = images.toArray();
    float[] maxima = pooled.value().toArray();
    float[] v = values.toArray();
    double[] expected = new double[x.length];
    Tensors.forEachIndex(
        new int[] {b, h / k * k, w / k * k, c},
        at -> {
          int pixel = ((at[0] * h + at[1]) * w + at[2]) * c + at[3];
          int window = ((at[0] * (h / k) + at[1] / k) * (w / k) + at[2] / k) * c + at[3];
          expected[pixel] = x[pixel] == maxima[window] ? v[window] : 0;
        });
    Tensor y = tape.maxUnpool(tape.constant(values), pooled).value();
    assertArrayEquals(images.shape(), y.shape());
    assertExact("unpooled", expected, y);
  }

  @Test
  void ofEqualValuesTheFirstIsTheWinner() {
    Variable pooled = tape.maxPool(tape.constant(CPU.zeros(1, 4, 2, 1)), 2);
    Variable x = tape.constant(CPU.of(new float[] {3, 5}, 1, 2, 1, 1));
    float[] expected = {3, 0, 0, 0, 5, 0, 0, 0};
    assertArrayEquals(expected, tape.maxUnpool(x, pooled).value().toArray());
  }

  private static void refused(String hint, org.junit.jupiter.api.function.Executable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
    assertTrue(message.contains(hint), message);
  }

  @Test
  void refusals() {
    Variable images = tape.constant(random(1, 2, 4, 4, 3));
    refused(
        "needs images [b, h, w, n] and weights [n, 4 c], but images are [2, 4, 4, 3] and weights"
            + " [5, 8]",
        () -> tape.convolveTransposed(images, tape.constant(random(1, 5, 8)), 2, 2));
    refused("[3, 7]", () -> tape.convolveTransposed(images, tape.constant(random(1, 3, 7)), 2, 2));
    refused("no max-pooling on this tape", () -> tape.maxUnpool(images, images));
    Variable pooled = tape.maxPool(images, 2);
    refused(
        "cannot unpool [2, 4, 4, 3] by the winners of [2, 2, 2, 3]: the shapes differ",
        () -> tape.maxUnpool(images, pooled));
  }
}
