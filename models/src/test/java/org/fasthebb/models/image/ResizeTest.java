package org.fasthebb.models.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.fasthebb.engine.SplitMix64;
import org.junit.jupiter.api.Test;

class ResizeTest {

  @Test
  void sameSizeIsTheSameImage() {
    RgbImage image = noise(9, 9);
    assertArrayEquals(image.rgb(), Resize.centreSquare(image, 9));
  }

  @Test
  void flatImageStaysFlat() {
    byte[] rgb = new byte[37 * 23 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (100 + 50 * (i % 3));
    }
    for (int side : new int[] {1, 5, 23, 64}) {
      byte[] square = Resize.centreSquare(new RgbImage(37, 23, rgb), side);
      assertEquals(side * side * 3, square.length);
      for (int i = 0; i < square.length; i++) {
        assertEquals((byte) (100 + 50 * (i % 3)), square[i]);
      }
    }
  }

  @Test
  void growingInterpolatesBetweenPixelCentres() {
    // 2 to 4 pixels: output centres are at -0.25, 0.25, 0.75 and 1.25 of the input's.
    byte[] square = Resize.centreSquare(grey(2, 2, 0, 200, 0, 200), 4);
    assertArrayEquals(new int[] {0, 50, 150, 200}, firstRow(square, 4));
  }

  @Test
  void shrinkingAveragesAllPixelsWithATriangle() {
    // 4 to 2 pixels: the triangle has half width 2 and is cut at the edge. Output 0 is centred at 1
    // and so weighs pixels 0..2 (centres 0.5, 1.5, 2.5) by 0.75, 0.75 and 0.25.
    int[] row = {70, 0, 140, 0};
    byte[] square = Resize.centreSquare(grey(4, 4, row, row, row, row), 2);
    assertEquals((0.75 * 70 + 0.25 * 140) / 1.75, firstRow(square, 2)[0], 0.5);
    assertEquals((0.75 * 140) / 1.75, firstRow(square, 2)[1], 0.5);
  }

  @Test
  void shrinkingFineStripesGivesTheirMean() {
    int[] stripes = new int[64];
    Arrays.setAll(stripes, i -> i % 2 * 200);
    int[][] rows = new int[64][];
    Arrays.fill(rows, stripes);
    byte[] square = Resize.centreSquare(grey(64, 64, rows), 8);
    for (byte value : square) {
      // Not 100 exactly, because the filter is cut at the edges.
      assertEquals(100, Byte.toUnsignedInt(value), 4);
    }
  }

  @Test
  void cropsTheCentreOfTheLongerSide() {
    int[] row = {10, 20, 30, 40, 50, 60};
    RgbImage wide = grey(2, 6, row, row);
    assertArrayEquals(new int[] {30, 40}, firstRow(Resize.centreSquare(wide, 2), 2));
    // 5 - 2 leaves 3: half of it, 1.5, rounds to the even 2.
    int[] odd = {10, 20, 30, 40, 50};
    assertArrayEquals(
        new int[] {30, 40}, firstRow(Resize.centreSquare(grey(2, 5, odd, odd), 2), 2));
    RgbImage tall =
        grey(
            6,
            2,
            new int[] {1, 1},
            new int[] {2, 2},
            new int[] {3, 3},
            new int[] {4, 4},
            new int[] {5, 5},
            new int[] {6, 6});
    byte[] square = Resize.centreSquare(tall, 2);
    assertArrayEquals(new int[] {3, 3}, firstRow(square, 2));
    assertEquals(4, square[6]);
  }

  private static int[] firstRow(byte[] square, int side) {
    int[] row = new int[side];
    Arrays.setAll(row, x -> Byte.toUnsignedInt(square[3 * x]));
    return row;
  }

  private static RgbImage grey(int height, int width, int... values) {
    byte[] rgb = new byte[values.length * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i / 3];
    }
    return new RgbImage(height, width, rgb);
  }

  private static RgbImage grey(int height, int width, int[]... rows) {
    return grey(height, width, Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray());
  }

  private static RgbImage noise(int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) SplitMix64.bits(1, i);
    }
    return new RgbImage(height, width, rgb);
  }
}
