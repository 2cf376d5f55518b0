package org.fasthebb.models.pack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.fasthebb.models.data.ImageSource;

/**
 * The index of a part of a pack, mapped into memory: nothing of it is on the heap.
 *
 * <p>It has an entry of 64 bytes for each image, in the order of the data set. After the entries
 * come the names of all images in UTF-8, one after the other; if images are identified by their
 * files, a zero byte and the {@link ImageSource#identity} follow each name. Numbers are
 * little-endian.
 *
 * <pre>
 *    0  int   label
 *    4  int   number of the shard
 *    8  long  where in the shard its record starts
 *   16  int   length of the record; 0 until it is written
 *   20  int   CRC-32C of the record
 *   24  long  where in the index its name starts; it ends where the next one starts
 *   32  32 bytes  SHA-256 of the file, or of the pixels, that the image was made of
 * </pre>
 */
final class PackIndex {
  private static final int ENTRY = 64;
  private static final long LABEL = 0;
  private static final long SHARD = 4;
  private static final long OFFSET = 8;
  private static final long LENGTH = 16;
  private static final long CHECKSUM = 20;
  private static final long NAME = 24;
  private static final long HASH = 32;
  private static final int HASH_BYTES = 32;

  /** Ends a name that an identity follows. */
  private static final String END = "\0";

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of the index of which a checksum is computed at once. */
  private static final long CHUNK = 1 << 30;

  private final int images;
  private final MemorySegment bytes;

  private PackIndex(int images, MemorySegment bytes) {
    this.images = images;
    this.bytes = bytes;
  }

  /** Writes an index with the labels and names of images; no record is there yet. */
  static void create(Path file, ImageSource set) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      long name = (long) set.size() * ENTRY;
      for (int i = 0; i < set.size(); i++) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt((int) LABEL, set.label(i)).putLong((int) NAME, name);
        out.write(entry.array());
        name += text(set, i).length;
      }
      for (int i = 0; i < set.size(); i++) {
        out.write(text(set, i));
      }
    }
  }

  /** An image's name and, after {@link #END}, its identity if it has one. */
  private static byte[] text(ImageSource set, int i) {
    String identity = set.identity(i).map(known -> END + known).orElse("");
    return (set.nameOf(i) + identity).getBytes(StandardCharsets.UTF_8);
  }

  /** Maps an index, which ends with the arena. */
  static PackIndex open(Path file, int images, MapMode mode, Arena arena) throws IOException {
    StandardOpenOption[] how =
        mode.equals(MapMode.READ_ONLY)
            ? new StandardOpenOption[] {StandardOpenOption.READ}
            : new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE};
    try (FileChannel channel = FileChannel.open(file, how)) {
      if (channel.size() < (long) images * ENTRY) {
        throw new IOException("it is too short for " + images + " images");
      }
      return new PackIndex(images, channel.map(mode, 0, channel.size(), arena));
    }
  }

  private static long at(int image) {
    return (long) image * ENTRY;
  }

  int label(int image) {
    return bytes.get(INT, at(image) + LABEL);
  }

  int shard(int image) {
    return bytes.get(INT, at(image) + SHARD);
  }

  long offset(int image) {
    return bytes.get(LONG, at(image) + OFFSET);
  }

  /** The length of the record; 0 if it has not been written. */
  int length(int image) {
    return bytes.get(INT, at(image) + LENGTH);
  }

  int checksum(int image) {
    return bytes.get(INT, at(image) + CHECKSUM);
  }

  String name(int image) {
    return text(image).split(END, 2)[0];
  }

  /** What identifies the image without reading it, if the original was known by its file. */
  Optional<String> identity(int image) {
    String[] parts = text(image).split(END, 2);
    return parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
  }

  private String text(int image) {
    long from = bytes.get(LONG, at(image) + NAME);
    long to = image + 1 < images ? bytes.get(LONG, at(image + 1) + NAME) : bytes.byteSize();
    byte[] text = bytes.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** SHA-256, in hex, of what the image was made of. */
  String hash(int image) {
    byte[] hash = bytes.asSlice(at(image) + HASH, HASH_BYTES).toArray(ValueLayout.JAVA_BYTE);
    return HexFormat.of().formatHex(hash);
  }

  /** Notes where the record of an image is; the index must be mapped for writing. */
  void put(int image, int shard, long offset, int length, int checksum, byte[] hash) {
    bytes.set(INT, at(image) + SHARD, shard);
    bytes.set(LONG, at(image) + OFFSET, offset);
    bytes.set(INT, at(image) + CHECKSUM, checksum);
    MemorySegment.copy(hash, 0, bytes, ValueLayout.JAVA_BYTE, at(image) + HASH, HASH_BYTES);
    bytes.set(INT, at(image) + LENGTH, length);
  }

  /** The size of the file. */
  long size() {
    return bytes.byteSize();
  }

  /** Forces what was put to the disk. */
  void force() {
    bytes.force();
  }

  /** CRC-32C of the file, in hex. */
  String checksum() {
    CRC32C crc = new CRC32C();
    for (long from = 0; from < bytes.byteSize(); from += CHUNK) {
      long length = Math.min(CHUNK, bytes.byteSize() - from);
      crc.update(bytes.asSlice(from, length).asByteBuffer());
    }
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** CRC-32C of a record. */
  static int checksum(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record);
    return (int) crc.getValue();
  }
}
