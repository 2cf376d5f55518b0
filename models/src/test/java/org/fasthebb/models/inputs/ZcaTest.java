package org.fasthebb.models.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.ImageSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Compares whitening with loops in double precision. */
class ZcaTest {
  private static final StepProgress SILENT = (_, _, _, _, _) -> {};
  private static final double EPSILON = 1e-2;
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private final Preprocessing pixels =
      new Preprocessing(CPU, new ChannelStats(new double[3], new double[] {1, 1, 1}), null);

  /** Noise in which neighbouring pixels are similar, so that whitening has an effect. */
  private static ImageSet images(int count, int height, int width) {
    Random random = new Random(count);
    byte[] bytes = new byte[count * height * width * 3];
    int value = 128;
    for (int i = 0; i < bytes.length; i++) {
      value = Math.clamp(value + random.nextInt(-40, 41), 0, 255);
      bytes[i] = (byte) value;
    }
    return new ImageSet(height, width, 3, List.of("noise"), bytes, new int[count]);
  }

  private DataLoader loader(ImageSet set) {
    return DataLoader.once(pixels, Examples.all(set));
  }

  /** Tiles (count, filter filter 3) of images whose sides are multiples of the filter. */
  private static double[][] tiles(ImageSet set, int filter) {
    List<double[]> tiles = new ArrayList<>();
    byte[] image = new byte[set.imageBytes()];
    for (int b = 0; b < set.size(); b++) {
      set.read(b, image, 0);
      for (int top = 0; top < set.height(); top += filter) {
        for (int left = 0; left < set.width(); left += filter) {
          double[] tile = new double[filter * filter * 3];
          for (int i = 0; i < tile.length; i++) {
            int y = top + i / (filter * 3);
            int x = left + i / 3 % filter;
            tile[i] = Byte.toUnsignedInt(image[(y * set.width() + x) * 3 + i % 3]) / 255.0;
          }
          tiles.add(tile);
        }
      }
    }
    return tiles.toArray(double[][]::new);
  }

  private static double[] covariance(double[][] tiles, int images) {
    int s = tiles[0].length;
    double[] sums = new double[s * s];
    for (double[] tile : tiles) {
      for (int i = 0; i < s; i++) {
        for (int j = 0; j < s; j++) {
          sums[i * s + j] += tile[i] * tile[j] / (images - 1);
        }
      }
    }
    return sums;
  }

  private void checkCovariance(int count, int height, int width, int filter) {
    ImageSet set = images(count, height, width);
    double[] expected = covariance(tiles(set, filter), count);
    assertArrayEquals(expected, Zca.covariance(loader(set), filter, SILENT), 2e-6 * expected[0]);
  }

  @Test
  void covarianceOfWholeImages() {
    checkCovariance(130, 4, 4, 4);
  }

  @Test
  void covarianceOfMoreValuesThanAStripHas() {
    checkCovariance(70, 14, 14, 14); // 588 values
  }

  @Test
  void covarianceOfTilesInSeveralBlocks() {
    checkCovariance(300, 8, 4, 2); // 8 tiles each, 256 images at once
  }

  @Test
  void theMatrixIsTheInverseRootOfTheCovariance() {
    ImageSet set = images(200, 4, 4);
    double[] covariance = covariance(tiles(set, 4), 200);
    float[] z = Zca.fit(loader(set), 4, EPSILON, SILENT).matrix().toArray();
    int s = 48;
    double[] product = multiply(multiply(z, covariance, s), z, s); // Z (C + epsilon) Z = 1
    double[] squares = multiply(toDouble(z), z, s);
    for (int i = 0; i < s * s; i++) {
      product[i] += EPSILON * squares[i];
      assertEquals(i % (s + 1) == 0 ? 1 : 0, product[i], 1e-4);
      assertEquals(z[i], z[i % s * s + i / s], 1e-5);
    }
  }

  private static double[] toDouble(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] multiply(float[] a, double[] b, int s) {
    return multiply(toDouble(a), b, s);
  }

  private static double[] multiply(double[] a, float[] b, int s) {
    return multiply(a, toDouble(b), s);
  }

  private static double[] multiply(double[] a, double[] b, int s) {
    double[] product = new double[s * s];
    for (int i = 0; i < s; i++) {
      for (int k = 0; k < s; k++) {
        for (int j = 0; j < s; j++) {
          product[i * s + j] += a[i * s + k] * b[k * s + j];
        }
      }
    }
    return product;
  }

  @Test
  void whitenedBatchesAreTilesTimesTheMatrix() {
    ImageSet set = images(9, 4, 8);
    Zca zca = Zca.fit(loader(images(100, 4, 4)), 4, EPSILON, SILENT);
    float[] z = zca.matrix().toArray();
    ChannelStats stats = new ChannelStats(new double[3], new double[] {1, 1, 1});
    Preprocessing whitened = new Preprocessing(CPU, stats, zca);
    float[] batch = whitened.batch(set, 0, 1, 2, 3, 4, 5, 6, 7, 8).toArray();
    double[][] tiles = tiles(set, 4);
    for (int t = 0; t < tiles.length; t++) {
      for (int j = 0; j < 48; j++) {
        double sum = 0;
        for (int i = 0; i < 48; i++) {
          sum += tiles[t][i] * z[i * 48 + j];
        }
        int y = j / 12;
        int x = t % 2 * 4 + j / 3 % 4;
        assertEquals(sum, batch[((t / 2 * 4 + y) * 8 + x) * 3 + j % 3], 2e-4);
      }
    }
  }

  @Test
  void progressIsReported() {
    List<Long> done = new ArrayList<>();
    StepProgress progress =
        (phase, _, _, seen, total) -> {
          assertEquals("whitening", phase);
          assertEquals(300, total);
          done.add(seen);
        };
    Zca.fit(loader(images(300, 8, 4)), 2, EPSILON, progress);
    assertEquals(List.of(256L, 300L), done);
  }

  @Test
  void oneImageIsTooFew() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Zca.fit(loader(images(1, 4, 4)), 4, EPSILON, SILENT));
    assertEquals("whitening needs at least 2 images, but there are 1", error.getMessage());
  }
}
