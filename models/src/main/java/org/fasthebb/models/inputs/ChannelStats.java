package org.fasthebb.models.inputs;

import java.util.stream.IntStream;
import org.fasthebb.models.data.ImageSource;

/**
 * The mean and standard deviation of each channel, in units where a pixel is 0..1, and the
 * normalisation they give: {@code (pixel / 255 - mean) / std}.
 */
public final class ChannelStats {
  /** Images whose sums a thread adds up before they join those of other threads. */
  private static final int BLOCK = 32;

  private final double[] mean;
  private final double[] std;
  private final float[][] normalized;

  /**
   * Statistics with known values, such as those stored with a trained network.
   *
   * @param mean one per channel
   * @param std one per channel, at least 0; a channel with 0 is divided by 1
   * @throws IllegalArgumentException if the lengths differ or are 0, or a value is not finite or a
   *     deviation is negative
   */
  public ChannelStats(double[] mean, double[] std) {
    if (mean.length == 0 || mean.length != std.length) {
      throw new IllegalArgumentException(
          "mean and std need the same number of channels, at least 1, but have %s and %s."
              .formatted(mean.length, std.length));
    }
    this.mean = mean.clone();
    this.std = std.clone();
    normalized = new float[mean.length][256];
    for (int c = 0; c < mean.length; c++) {
      if (!Double.isFinite(mean[c]) || !Double.isFinite(std[c]) || std[c] < 0) {
        throw new IllegalArgumentException(
            "channel %s needs a finite mean and a finite std of at least 0, but has %s and %s."
                .formatted(c, mean[c], std[c]));
      }
      for (int pixel = 0; pixel < 256; pixel++) {
        normalized[c][pixel] = normalized(pixel / 255.0, c);
      }
    }
  }

  /** The normalised value of a pixel, from 0 to 1, in channel {@code c}. */
  float normalized(double pixel, int c) {
    return (float) ((pixel - mean[c]) / (std[c] == 0 ? 1 : std[c]));
  }

  /**
   * The statistics of the images of {@code set} that {@code indices} names, over all their pixels:
   * {@code std = sqrt(E[x^2] - E[x]^2)}. The sums are of integers, so the order of {@code indices}
   * does not matter to the last bit.
   *
   * @throws IllegalArgumentException if {@code indices} is empty
   */
  public static ChannelStats of(ImageSource set, int[] indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("channel statistics need at least one image.");
    }
    int channels = set.channels();
    int area = set.height() * set.width();
    ChannelSums all = new ChannelSums(channels);
    IntStream blocks = IntStream.rangeClosed(0, (indices.length - 1) / BLOCK);
    (set.isSlow() ? blocks.parallel() : blocks)
        .forEach(block -> {
          int from = block * BLOCK;
          ChannelSums some = new ChannelSums(channels);
          byte[] image = new byte[set.imageBytes()];
          for (int i = from; i < Math.min(indices.length, from + BLOCK); i++) {
            set.read(indices[i], image, 0);
            some.add(image);
          }
          all.add(some);
        });
    double count = (double) indices.length * area;
    double[] mean = new double[channels];
    double[] std = new double[channels];
    for (int c = 0; c < channels; c++) {
      double average = all.sum[c] / count;
      // Rounding may make a variance near 0 negative.
      double variance = Math.max(0, all.squares[c] / count - average * average);
      mean[c] = average / 255;
      std[c] = Math.sqrt(variance) / 255;
    }
    return new ChannelStats(mean, std);
  }

  /** Sums over pixels, by channel. They are whole numbers, so their order does not matter. */
  private static final class ChannelSums {
    private final long[] sum;
    private final long[] squares;

    ChannelSums(int channels) {
      sum = new long[channels];
      squares = new long[channels];
    }

    void add(byte[] image) {
      for (int at = 0; at < image.length; ) {
        for (int c = 0; c < sum.length; c++, at++) {
          long value = Byte.toUnsignedLong(image[at]);
          sum[c] += value;
          squares[c] += value * value;
        }
      }
    }

    synchronized void add(ChannelSums more) {
      for (int c = 0; c < sum.length; c++) {
        sum[c] += more.sum[c];
        squares[c] += more.squares[c];
      }
    }
  }

  /** The number of channels. */
  public int channels() {
    return mean.length;
  }

  /** The mean of channel {@code c}, in [0, 1] for real pixels. */
  public double mean(int c) {
    return mean[c];
  }

  /** The standard deviation of channel {@code c}, in [0, 0.5] for real pixels; may be 0. */
  public double std(int c) {
    return std[c];
  }

  /** The normalised value of each byte in each channel, [channel][byte]; do not write it. */
  float[][] table() {
    return normalized;
  }

  /** Refuses images of another number of channels. */
  void requireChannels(ImageSource set) {
    if (set.channels() != channels()) {
      throw new IllegalArgumentException(
          "these statistics are of %s channels, but the images have %s."
              .formatted(channels(), set.channels()));
    }
  }
}
