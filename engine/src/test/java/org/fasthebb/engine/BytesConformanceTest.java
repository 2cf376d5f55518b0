package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.fasthebb.testing.Allocations;
import org.junit.jupiter.api.Test;

/** Bytes, such as those of pixels, which become values by a table. */
class BytesConformanceTest extends Conformance {
  private static float[][] table(int channels) {
    float[][] table = new float[channels][256];
    for (int c = 0; c < channels; c++) {
      for (int value = 0; value < 256; value++) {
        table[c][value] = (value - 100 * c) / 64f;
      }
    }
    return table;
  }

  @OnEveryBackend
  void bytesBecomeWhatTheTableSays(Backend backend) {
    for (int[] shape : new int[][] {{1}, {7, 3}, {3, 5, 1}, {2, 90, 100, 3}, {0, 4, 3}}) {
      Tensor whole = backend.zeros(Tensors.count(shape) + 2).fill(-9);
      Tensor x = whole.slice(0, 1, whole.size() - 1).reshape(shape);
      byte[] bytes = new byte[x.size()];
      new Random(1).nextBytes(bytes);
      int channels = x.size(-1);
      x.write(bytes, table(channels));
      float[] expected = new float[whole.size()];
      expected[0] = -9;
      expected[whole.size() - 1] = -9;
      for (int i = 0; i < bytes.length; i++) {
        expected[i + 1] = (Byte.toUnsignedInt(bytes[i]) - 100 * (i % channels)) / 64f;
      }
      assertArrayEquals(expected, whole.toArray());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor x = Tensors.CPU.zeros(4, 3);
    assertRefused("cannot write 11 bytes into [4, 3] of 12", x, new byte[11], table(3));
    assertRefused(
        "cannot write bytes into [4, 3] by a table of 4 channels", x, new byte[12], table(4));
    float[][] torn = table(3);
    torn[1] = new float[255];
    assertRefused(
        "a table for bytes has 256 values per channel, but one has 255", x, new byte[12], torn);
    assertRefused(
        "cannot write into [4, 2]: it is a view with gaps",
        x.slice(1, 0, 2),
        new byte[8],
        table(2));
  }

  private static void assertRefused(String message, Tensor x, byte[] bytes, float[][] table) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> x.write(bytes, table));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void allocatesNothingOnTheCpu() throws ReflectiveOperationException {
    byte[] bytes = new byte[64 * 32 * 32 * 3];
    float[][] table = table(3);
    Tensor x = Tensors.CPU.zeros(64, 32, 32, 3);
    Allocations.assertSettlesBelow(400, 20, "writing bytes", () -> x.write(bytes, table));
  }
}
