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
import java.util.zip.CRC32C;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.WriteFailure;

/**
 * The features of all images of a set, computed once and kept in a file, because they may not fit
 * in memory: 24,576 features of 50,000 images are 4.9 GB.
 *
 * <p>The file is a line of text that identifies the features, and a row of little-endian float32
 * for each image, in the order of the examples. After each block of rows comes its checksum. Blocks
 * that a killed run left are used if they are whole and finite, and computed again if not.
 */
public final class FeatureFile implements InputSource, AutoCloseable {
  /** Rows in a block; the last one may have fewer. */
  private static final int BLOCK = DataLoader.BLOCK;

  private static final int CHECKSUM_BYTES = Integer.BYTES;

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
      throw new CheckpointException("cannot write " + file + ": " + WriteFailure.reason(e), e);
    }
  }

  /** The size in bytes of the rows of {@code images} images, with checksums. */
  public static long bytes(int images, int width) {
    return position(images, width) + (images % BLOCK == 0 ? 0 : CHECKSUM_BYTES);
  }

  /** The position of a row after the first line: the bytes of the rows and checksums before it. */
  private static long position(int row, int width) {
    return (long) row * width * Float.BYTES + (long) (row / BLOCK) * CHECKSUM_BYTES;
  }

  private long position(int row) {
    return start + position(row, width);
  }

  /** Computes all rows that are missing or damaged; see the other method. */
  public int complete(UnaryOperator<Tensor> features, StepProgress progress)
      throws CheckpointException {
    return complete(examples.indices(), features, progress);
  }

  /**
   * Computes the blocks with some images, unless they are there and whole.
   *
   * @param needed the images, by their index in the set; others may have no row yet
   * @param features gives features (b, width) of images (b, h, w, c), inside an open scope
   * @return the number of rows computed
   * @throws CheckpointException if the file cannot be written, or a feature is not finite
   */
  public int complete(int[] needed, UnaryOperator<Tensor> features, StepProgress progress)
      throws CheckpointException {
    int computed = 0;
    try {
      ByteBuffer block = buffer(Math.addExact(BLOCK * width, 1));
      int[] missing = missing(needed, block);
      // Only the last block of a file has fewer rows, and it comes last here too.
      int[] indices =
          Arrays.stream(missing)
              .flatMap(row -> Arrays.stream(examples.indices(), row, row + rows(row)))
              .toArray();
      DataLoader some = DataLoader.once(images, new Examples(examples.set(), indices));
      try (Batches batches = some.batches(0, BLOCK, 1)) {
        while (batches.next()) {
          try (Scope _ = backend().scope()) {
            write(features.apply(batches.images()), missing[batches.from() / BLOCK], block);
          }
          computed = batches.to();
          progress.step("features", 1, 1, computed, indices.length);
        }
      }
      channel.force(true);
      return computed;
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "cannot write %s (%s); free %.1f GB there, or choose another folder",
              file,
              e.getMessage(),
              bytes(examples.size(), width) / 1e9),
          e);
    }
  }

  /** The first rows of the blocks with some images that are missing or damaged, in order. */
  private int[] missing(int[] needed, ByteBuffer block) throws IOException {
    boolean[] wanted = new boolean[Math.ceilDiv(examples.size(), BLOCK)];
    for (int index : needed) {
      wanted[rows[index] / BLOCK] = true;
    }
    int[] missing = new int[wanted.length];
    int count = 0;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] && !isWhole(i * BLOCK, rows(i * BLOCK), block)) {
        missing[count++] = i * BLOCK;
      }
    }
    return Arrays.copyOf(missing, count);
  }

  /** The number of rows in the block whose first row is {@code row}. */
  private int rows(int row) {
    return Math.min(BLOCK, examples.size() - row);
  }

  private void write(Tensor features, int row, ByteBuffer block) throws IOException {
    float[] values = features.toArray();
    if (!SafeTensors.areFinite(values)) {
      throw new CheckpointException(
          "features of images "
              + row
              + " to "
              + (row + rows(row) - 1)
              + " are not finite, because the network has diverged; pre-train it with a lower"
              + " learning rate, in another folder");
    }
    block.clear().asFloatBuffer().put(values);
    block.limit(values.length * Float.BYTES);
    int checksum = checksum(block, row);
    block.limit(block.limit() + CHECKSUM_BYTES).putInt(values.length * Float.BYTES, checksum);
    block.rewind();
    while (block.hasRemaining()) {
      channel.write(block, position(row) + block.position());
    }
  }

  /** Whether a block has its checksum and finite values. */
  private boolean isWhole(int row, int rows, ByteBuffer block) throws IOException {
    int bytes = rows * width * Float.BYTES;
    block.clear().limit(bytes + CHECKSUM_BYTES);
    while (block.hasRemaining()) {
      if (channel.read(block, position(row) + block.position()) < 0) {
        return false;
      }
    }
    int found = block.getInt(bytes);
    block.rewind().limit(bytes);
    if (checksum(block, row) != found) {
      return false;
    }
    float[] values = new float[rows * width];
    block.rewind().asFloatBuffer().get(values);
    return SafeTensors.areFinite(values);
  }

  /** The checksum of a block, which is its own: a copy in the place of another block differs. */
  private static int checksum(ByteBuffer block, int row) {
    CRC32C checksum = new CRC32C();
    checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(row).flip());
    checksum.update(block);
    return (int) checksum.getValue();
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
