package org.fasthebb.models.inputs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.CheckpointException;

/**
 * The features of all images of a set, computed once and kept in a file, because they may not fit
 * in memory: 24,576 features of 50,000 images are 4.9 GB.
 *
 * <p>The file is a line of text that identifies the features, and a row of little-endian float32
 * for each image, in the order of the set. Rows that a killed run left are used.
 */
public final class FeatureFile implements InputSource, AutoCloseable {
  private final Preprocessing images;
  private final Examples examples;

  /** The row of each image of the set, by its index; -1 if it has none. */
  private final int[] rows;

  private final Path file;
  private final FileChannel channel;
  private final int start;
  private final int width;

  /**
   * Opens a file, or creates it.
   *
   * @param images prepares the images that features are computed from
   * @param examples the images that have a row, in the order of rows
   * @param width features per image
   * @param identity network, settings and data of the features, on one line; a file with another
   *     identity is overwritten
   */
  public FeatureFile(Preprocessing images, Examples examples, int width, Path file, String identity)
      throws CheckpointException {
    this.images = images;
    this.examples = examples;
    rows = new int[examples.set().size()];
    Arrays.fill(rows, -1);
    for (int row = 0; row < examples.size(); row++) {
      rows[examples.indices()[row]] = row;
    }
    this.width = width;
    this.file = file;
    byte[] line = (identity + "\n").getBytes(StandardCharsets.UTF_8);
    start = line.length;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      byte[] found = new byte[start];
      channel.read(ByteBuffer.wrap(found), 0);
      if (!Arrays.equals(found, line)) {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(line), 0);
      }
    } catch (IOException e) {
      throw new CheckpointException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The size in bytes of the rows of {@code images} images. */
  public static long bytes(int images, int width) {
    return (long) images * width * Float.BYTES;
  }

  private long position(int row) {
    return start + bytes(row, width);
  }

  /**
   * Computes the missing rows.
   *
   * @param features gives features (b, width) of images (b, h, w, c), inside an open scope
   * @return the number of rows computed
   */
  public int complete(UnaryOperator<Tensor> features, StepProgress progress)
      throws CheckpointException {
    int count = examples.size();
    DataLoader all = DataLoader.once(images, examples);
    try {
      int there = (int) Math.min(count, (channel.size() - start) / bytes(1, width));
      int first = there < count ? there - there % DataLoader.BLOCK : there;
      try (Batches batches = all.batches(first, DataLoader.BLOCK, 1)) {
        while (batches.next()) {
          try (Scope _ = backend().scope()) {
            append(features.apply(batches.images()), batches.from());
          }
          progress.step("features", 1, 1, batches.to(), count);
        }
      }
      return count - first;
    } catch (IOException e) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "cannot write %s (%s); free %.1f GB there, or choose another folder",
              file,
              e.getMessage(),
              bytes(count, width) / 1e9),
          e);
    }
  }

  private void append(Tensor features, int row) throws IOException {
    float[] values = features.toArray();
    ByteBuffer bytes = buffer(values.length);
    bytes.asFloatBuffer().put(values);
    while (bytes.hasRemaining()) {
      channel.write(bytes, position(row) + bytes.position());
    }
  }

  private static ByteBuffer buffer(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public Backend backend() {
    return images.backend();
  }

  /** The shape (count, width) of features. */
  @Override
  public int[] shape(ImageSource set, int count) {
    return new int[] {count, width};
  }

  /** Host memory for features (count, width). */
  @Override
  public HostBatch hostBatch(ImageSource set, int count) {
    float[] values = new float[Math.multiplyExact(count, width)];
    ByteBuffer bytes = buffer(width);
    return new HostBatch() {
      @Override
      public void read(int row, int index) {
        FeatureFile.this.read(bytes.clear(), position(rows[index]));
        bytes.flip().asFloatBuffer().get(values, row * width, width);
      }

      @Override
      public void into(Tensor out) {
        out.write(values);
      }
    };
  }

  private void read(ByteBuffer row, long position) {
    try {
      while (row.hasRemaining()) {
        if (channel.read(row, position + row.position()) < 0) {
          throw new IllegalStateException(file + " was cut short; run the same command again");
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws CheckpointException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new CheckpointException("cannot close " + file + ": " + e.getMessage(), e);
    }
  }
}
