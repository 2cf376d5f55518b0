package org.fasthebb.models.train;

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
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.io.CheckpointException;

/**
 * The features of all images of a set, computed once and kept in a file, where there is more room
 * than in memory: 24,576 features of 50,000 images are 4.9 GB.
 *
 * <p>The file is a line of text that says what the features belong to, and a row of little-endian
 * float32 for each image, in the order of the set. What a kill left of it is used.
 */
final class FeatureFile implements InputSource, AutoCloseable {
  /** Images computed at once. */
  private static final int BLOCK = 64;

  private final Inputs images;
  private final Path file;
  private final FileChannel channel;
  private final int start;
  private final int width;
  private float[] host = {};
  private ByteBuffer bytes = buffer(0);

  /**
   * Opens a file, or makes it.
   *
   * @param images makes what features are computed from
   * @param width features per image
   * @param identity what the features belong to, on one line; a file of another one is overwritten
   */
  FeatureFile(Inputs images, int width, Path file, String identity) throws CheckpointException {
    this.images = images;
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

  /** Bytes that the rows of {@code images} images take. */
  static long bytes(int images, int width) {
    return (long) images * width * Float.BYTES;
  }

  private static ByteBuffer buffer(long size) {
    return ByteBuffer.allocateDirect(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long position(int row) {
    return start + bytes(row, width);
  }

  /**
   * Computes the rows that are not there yet.
   *
   * @param features gives features (b, width) of images (b, h, w, c), inside an open scope
   * @return how many were computed
   */
  int complete(ImageSet set, UnaryOperator<Tensor> features, Progress progress)
      throws CheckpointException {
    Batches all = Batches.once(images, Examples.all(set));
    try {
      int there = (int) Math.min(set.size(), (channel.size() - start) / bytes(1, width));
      int first = there < set.size() ? there - there % BLOCK : there;
      for (int from = first; from < set.size(); from += BLOCK) {
        int to = Math.min(set.size(), from + BLOCK);
        try (Scope _ = backend().scope()) {
          append(features.apply(all.images(from, to)), from);
        }
        progress.step("features", 1, 1, to, set.size());
      }
      return set.size() - first;
    } catch (IOException e) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "cannot write %s (%s); free %.1f GB there, or choose another --out",
              file,
              e.getMessage(),
              bytes(set.size(), width) / 1e9),
          e);
    }
  }

  private void append(Tensor features, int row) throws IOException {
    reserve(features.size());
    features.read(host);
    bytes.asFloatBuffer().put(host);
    while (bytes.hasRemaining()) {
      channel.write(bytes, position(row) + bytes.position());
    }
  }

  /** Arrays for so many floats; the last ones are kept, since batches are alike. */
  private void reserve(int floats) {
    if (host.length != floats) {
      host = new float[floats];
      bytes = buffer((long) floats * Float.BYTES);
    }
    bytes.clear();
  }

  @Override
  public Backend backend() {
    return images.backend();
  }

  /** (count, width). */
  @Override
  public int[] shape(ImageSet set, int count) {
    return new int[] {count, width};
  }

  /** The features (b, width) of images {@code indices} of the set. */
  @Override
  public Tensor batch(ImageSet set, int... indices) {
    reserve(indices.length * width);
    int rowBytes = width * Float.BYTES;
    backend()
        .parallel(
            indices.length,
            i -> {
              ByteBuffer row = bytes.slice(i * rowBytes, rowBytes).order(ByteOrder.LITTLE_ENDIAN);
              read(row, position(indices[i]));
              row.flip().asFloatBuffer().get(host, i * width, width);
            });
    Tensor rows = backend().empty(indices.length, width);
    rows.write(host);
    return rows;
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
