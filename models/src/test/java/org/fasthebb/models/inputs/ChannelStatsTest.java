package org.fasthebb.models.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Images;
import org.fasthebb.models.data.Shapes;
import org.junit.jupiter.api.Test;

class ChannelStatsTest {
  /** Two images of 1x2x2: channel 0 is 0, 255 and 255, 255; channel 1 is always 51. */
  private final ImageSet set =
      new ImageSet(1, 2, 2, List.of("a"), new byte[] {0, 51, -1, 51, -1, 51, -1, 51}, new int[2]);

  @Test
  void poolsOverPixelsOfChosenImages() {
    ChannelStats first = ChannelStats.of(set, new int[] {0});
    assertEquals(2, first.channels());
    assertEquals(0.5, first.mean(0));
    assertEquals(0.5, first.std(0));
    assertEquals(0.2, first.mean(1));
    assertEquals(0, first.std(1));
    ChannelStats both = ChannelStats.of(set, new int[] {0, 1});
    assertEquals(0.75, both.mean(0));
    assertEquals(Math.sqrt(0.75 - 0.75 * 0.75), both.std(0), 1e-15);
  }

  @Test
  void orderDoesNotMatter() {
    ImageSource shapes = Shapes.generate(50, 1, 1).train();
    int[] order = new int[50];
    int[] reverse = new int[50];
    for (int i = 0; i < 50; i++) {
      order[i] = i;
      reverse[i] = 49 - i;
    }
    ChannelStats one = ChannelStats.of(shapes, order);
    ChannelStats other = ChannelStats.of(shapes, reverse);
    for (int c = 0; c < 3; c++) {
      assertEquals(one.mean(c), other.mean(c));
      assertEquals(one.std(c), other.std(c));
    }
  }

  @Test
  void aConstantChannelIsDividedByOne() {
    float[][] table = ChannelStats.of(set, new int[] {0}).table();
    assertEquals(-1, table[0][0]);
    assertEquals(1, table[0][255]);
    assertEquals(0, table[1][51]);
    assertEquals((float) (255 / 255.0 - 0.2), table[1][255]);
  }

  @Test
  void normalizedImagesHaveMeanZeroAndVarianceOne() {
    ImageSource shapes = Shapes.generate(20, 1, 1).train();
    int[] all = new int[20];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    ChannelStats stats = ChannelStats.of(shapes, all);
    byte[] pixels = Images.pixels(shapes);
    float[] out = new float[pixels.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = stats.table()[i % 3][Byte.toUnsignedInt(pixels[i])];
    }
    for (int c = 0; c < 3; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = c; i < out.length; i += 3) {
        sum += out[i];
        squares += out[i] * out[i];
      }
      assertEquals(0, sum / (out.length / 3.0), 1e-6);
      assertEquals(1, squares / (out.length / 3.0), 1e-5);
    }
  }

  @Test
  void refusesOtherChannels() {
    ChannelStats stats = new ChannelStats(new double[] {0.5}, new double[] {1});
    var error = assertThrows(IllegalArgumentException.class, () -> stats.requireChannels(set));
    assertEquals("these statistics are of 1 channels, but the images have 2.", error.getMessage());
  }

  @Test
  void refusesNoImages() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> ChannelStats.of(set, new int[0]));
    assertEquals("channel statistics need at least one image.", error.getMessage());
  }

  @Test
  void refusesBadStatistics() {
    assertRefused(
        "mean and std need the same number of channels, at least 1, but have 1 and 2.",
        new double[1],
        new double[2]);
    assertRefused(
        "channel 0 needs a finite mean and a finite std of at least 0, but has 0.5 and -1.0.",
        new double[] {0.5},
        new double[] {-1});
    assertRefused(
        "channel 0 needs a finite mean and a finite std of at least 0, but has NaN and 1.0.",
        new double[] {Double.NaN},
        new double[] {1});
  }

  private static void assertRefused(String message, double[] mean, double[] std) {
    var error = assertThrows(IllegalArgumentException.class, () -> new ChannelStats(mean, std));
    assertEquals(message, error.getMessage());
  }
}
