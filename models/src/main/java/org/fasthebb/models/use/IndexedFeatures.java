package org.fasthebb.models.use;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.SafeTensors;

/**
 * The file of a {@link PhotoIndex}, mapped into memory: features (N, F), the length and the time of
 * change of each photo, and their names.
 *
 * <p>Besides the checksum over all that every file of ours has, there is one for each row of
 * features, and one for everything else. So opening an index does not read its features: each row
 * is checked when it is asked for.
 */
final class IndexedFeatures implements AutoCloseable {
  private static final String ANY_FORMAT = "fasthebb-photos-";
  private static final String FORMAT = ANY_FORMAT + "2";
  private static final String FEATURES = "features";
  private static final String BYTES = "bytes";
  private static final String MODIFIED = "modified";

  /** The tensor that holds the checksum of each row, and the entry that holds that of the rest. */
  private static final String CHECKSUM = "crc32c";

  private static final String WAY_OUT = "remove it and run again, and it is made anew";

  /** A photo: its name seen from the folder, its length in bytes, and when it was changed. */
  record Photo(String name, long bytes, long modified) {}

  private final Path file;
  private final SafeTensors mapped;
  private final List<Photo> photos;
  private final int width;

  /** The checksum of each row. */
  private final long[] checksums;

  /**
   * Opens a file.
   *
   * @param identity what features depend on besides the photos
   * @throws CheckpointException in one sentence, if the file is damaged, no index, or one of
   *     another identity
   */
  static IndexedFeatures open(Path file, String identity) throws CheckpointException {
    SafeTensors mapped = SafeTensors.map(file, WAY_OUT);
    boolean whole = false;
    try {
      IndexedFeatures features = new IndexedFeatures(file, mapped, identity);
      whole = true;
      return features;
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " is no whole index of photos (" + e.getMessage() + "); " + WAY_OUT, e);
    } finally {
      if (!whole) {
        mapped.close();
      }
    }
  }

  private IndexedFeatures(Path file, SafeTensors mapped, String identity)
      throws CheckpointException {
    this.file = file;
    this.mapped = mapped;
    String format = mapped.metadata().getOrDefault("format", "");
    if (!format.startsWith(ANY_FORMAT)) {
      throw new CheckpointException(
          file + " is no index of photos; name another file for it, which need not exist");
    }
    if (!format.equals(FORMAT)) {
      throw new CheckpointException(file + " is an index of another version; " + WAY_OUT);
    }
    String found = mapped.metadata().getOrDefault("identity", "");
    List<String> names = Json.texts(mapped.metadata().getOrDefault("names", ""));
    if (!hasAll(names.size())) {
      throw new CheckpointException(damage());
    }
    long[] bytes = mapped.longs(BYTES);
    long[] modified = mapped.longs(MODIFIED);
    checksums = mapped.longs(CHECKSUM);
    width = mapped.shape(FEATURES)[1];
    List<Photo> known = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      known.add(new Photo(names.get(i), bytes[i], modified[i]));
    }
    photos = List.copyOf(known);
    if (!checksum(found, photos, width, checksums).equals(mapped.metadata().get(CHECKSUM))) {
      throw new CheckpointException(damage());
    }
    if (!identity.equals(found)) {
      throw new CheckpointException(
          file
              + " is an index by another model or layer, or with photos turned another way; name"
              + " another file for this one, or "
              + WAY_OUT);
    }
  }

  /** Whether the tensors of n photos are there, with the right types and shapes. */
  private boolean hasAll(int n) throws CheckpointException {
    boolean all = has(FEATURES, "F32") && mapped.shape(FEATURES).length == 2;
    for (String name : List.of(BYTES, MODIFIED, CHECKSUM)) {
      all = all && has(name, "I64") && mapped.shape(name).length == 1 && mapped.shape(name)[0] == n;
    }
    return all && mapped.shape(FEATURES)[0] == n;
  }

  private boolean has(String name, String dtype) throws CheckpointException {
    return mapped.names().contains(name) && mapped.dtype(name).equals(dtype);
  }

  private String damage() {
    return file + " does not match its checksums, because it is damaged; " + WAY_OUT;
  }

  /** The photos, in the order of rows. */
  List<Photo> photos() {
    return photos;
  }

  /** Features F of a photo. */
  int width() {
    return width;
  }

  /**
   * A copy of the features of photo i.
   *
   * @throws DataException in one sentence, if they are damaged
   */
  float[] row(int i) {
    float[] row = mapped.floats(FEATURES, (long) i * width, width);
    if (checksum(row) != checksums[i]) {
      throw new DataException(damage() + ".");
    }
    return row;
  }

  /** The checksum of row i, as the file has it. */
  long checksumOf(int i) {
    return checksums[i];
  }

  /** The checksum of a row that is not in the file. */
  static long checksum(float... row) {
    ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  /** The checksum of everything but features. */
  private static String checksum(
      String identity, List<Photo> photos, int width, long... checksums) {
    ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES + 3 * Long.BYTES * photos.size());
    CRC32C crc = new CRC32C();
    crc.update(identity.getBytes(UTF_8));
    numbers.putInt(width);
    for (int i = 0; i < photos.size(); i++) {
      Photo photo = photos.get(i);
      crc.update(photo.name.getBytes(UTF_8));
      crc.update(0);
      numbers.putLong(photo.bytes).putLong(photo.modified).putLong(checksums[i]);
    }
    crc.update(numbers.flip());
    return Long.toHexString(crc.getValue());
  }

  /**
   * Writes a file, in the place of one that may be mapped.
   *
   * @param checksums of each row
   * @param row gives the features of a photo; called more than once for each
   * @throws CheckpointException in one sentence, if it cannot be written
   */
  static void write(
      Path file,
      String identity,
      List<Photo> photos,
      int width,
      long[] checksums,
      IntFunction<float[]> row)
      throws CheckpointException {
    int n = photos.size();
    int f = n == 0 ? 0 : width;
    long[] bytes = photos.stream().mapToLong(Photo::bytes).toArray();
    long[] modified = photos.stream().mapToLong(Photo::modified).toArray();
    SafeTensors.writer()
        .metadata("format", FORMAT)
        .metadata("identity", identity)
        .metadata("names", Json.line(photos.stream().map(Photo::name).toList()))
        .metadata(CHECKSUM, checksum(identity, photos, f, checksums))
        .longs(BYTES, new int[] {n}, bytes)
        .longs(MODIFIED, new int[] {n}, modified)
        .longs(CHECKSUM, new int[] {n}, checksums)
        .rows(FEATURES, n, f, row)
        .write(file);
  }

  @Override
  public void close() {
    mapped.close();
  }
}
