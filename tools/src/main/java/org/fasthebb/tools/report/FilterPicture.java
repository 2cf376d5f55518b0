package org.fasthebb.tools.report;

import java.awt.image.BufferedImage;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;

/**
 * The filters of a network's first layer, side by side, each scaled to its own range.
 *
 * @param when the filters had this state, such as "after pre-training"
 * @param image of the filters, enlarged without smoothing, transparent between them
 */
public record FilterPicture(String when, BufferedImage image) {
  private static final int ACROSS = 12;

  /** Pixels a side for each weight, and between two filters. */
  private static final int CELL = 8;

  private static final int GAP = 5;

  /** Draws the filters of a network with colour images. */
  public static FilterPicture of(Network network, String when) {
    Tensor weights = network.layers().getFirst().weights();
    int n = weights.size(0);
    int c = Architecture.CHANNELS;
    int k =
        (int) Math.sqrt((double) weights.size() / n / c); // also where whitened patches come before
    float[] values = weights.toArray();
    int side = k * CELL;
    int rows = (n + ACROSS - 1) / ACROSS;
    BufferedImage image =
        new BufferedImage(
            ACROSS * (side + GAP) - GAP, rows * (side + GAP) - GAP, BufferedImage.TYPE_INT_ARGB);
    for (int filter = 0; filter < n; filter++) {
      int left = filter % ACROSS * (side + GAP);
      int top = filter / ACROSS * (side + GAP);
      int[] colours = colours(values, filter * k * k * c, k * k, c);
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          image.setRGB(left + x, top + y, colours[y / CELL * k + x / CELL]);
        }
      }
    }
    return new FilterPicture(when, image);
  }

  private static int[] colours(float[] values, int from, int pixels, int channels) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + pixels * channels; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    float scale = high > low ? 255 / (high - low) : 0;
    int[] colours = new int[pixels];
    for (int p = 0; p < pixels; p++) {
      int at = from + p * channels;
      int r = Math.round((values[at] - low) * scale);
      int g = Math.round((values[at + 1] - low) * scale);
      int b = Math.round((values[at + 2] - low) * scale);
      colours[p] = 0xff000000 | r << 16 | g << 8 | b;
    }
    return colours;
  }

  /** The picture as a data URI. */
  String dataUri() {
    return Pictures.uri(image, "png");
  }
}
