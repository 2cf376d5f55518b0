package org.fasthebb.models.pack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.ImageSource;

/**
 * The images of one part of a pack, in the order of the data set that was packed. Its files are
 * mapped into memory until it is closed; nothing that grows with their number is on the heap.
 */
final class PackedImages implements ImageSource {
  private static final String AGAIN = "copy the pack again, or remove it and pack the images again";

  private final PackFiles files;
  private final String part;
  private final PackHeader header;
  private final int size;
  private final Arena arena = Arena.ofShared();
  private final PackIndex index;
  private final MemorySegment[] shards;

  /**
   * Opens a part, and checks its index and the lengths of its shards.
   *
   * @throws DataException if a file is missing, damaged or cut short
   */
  PackedImages(PackFiles files, String part, PackHeader header) {
    this.files = files;
    this.part = part;
    this.header = header;
    PackHeader.PackedPart expected = header.part(part);
    size = expected.images();
    boolean whole = false;
    try {
      index = index(expected);
      shards = new MemorySegment[expected.shardBytes().size()];
      for (int shard = 0; shard < shards.length; shard++) {
        shards[shard] = shard(files.shard(part, shard), expected.shardBytes().get(shard));
      }
      checkEntries();
      whole = true;
    } finally {
      if (!whole) {
        arena.close();
      }
    }
  }

  private PackIndex index(PackHeader.PackedPart expected) {
    Path file = files.index(part);
    try {
      PackIndex found = PackIndex.open(file, size, MapMode.READ_ONLY, arena);
      requireSize(file, found.size(), expected.indexBytes());
      if (!found.checksum().equals(expected.indexChecksum())) {
        throw new DataException(
            "%s does not match its checksum in %s; %s."
                .formatted(file, files.header().getFileName(), AGAIN));
      }
      return found;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private MemorySegment shard(Path file, long bytes) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      requireSize(file, channel.size(), bytes);
      return channel.map(MapMode.READ_ONLY, 0, bytes, arena);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void requireSize(Path file, long found, long expected) {
    if (found != expected) {
      throw new DataException(
          "%s has %s bytes, but %s were packed; %s.".formatted(file, found, expected, AGAIN));
    }
  }

  private static DataException unreadable(Path file, IOException e) {
    return e instanceof NoSuchFileException
        ? new DataException("%s is missing; %s.".formatted(file, AGAIN), e)
        : new DataException(
            "%s cannot be read (%s); %s.".formatted(file, e.getMessage(), AGAIN), e);
  }

  /** Refuses an index that leads out of the pack, so that reading need not check. */
  private void checkEntries() {
    int pixels = imageBytes();
    for (int i = 0; i < size; i++) {
      int shard = index.shard(i);
      int length = index.length(i);
      boolean fine =
          index.label(i) >= 0
              && index.label(i) < classes()
              && shard >= 0
              && shard < shards.length
              && (header.format() == PackFormat.RAW ? length == pixels : length > 0)
              && index.offset(i) >= 0
              && index.offset(i) <= shards[shard].byteSize() - length;
      if (!fine) {
        throw new DataException(
            "%s has no place for image %s; %s.".formatted(files.index(part), i, AGAIN));
      }
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int height() {
    return header.height();
  }

  @Override
  public int width() {
    return header.width();
  }

  @Override
  public int channels() {
    return header.channels();
  }

  @Override
  public List<String> classNames() {
    return header.classNames();
  }

  @Override
  public int label(int image) {
    return index.label(Objects.checkIndex(image, size));
  }

  @Override
  public String nameOf(int image) {
    return index.name(Objects.checkIndex(image, size));
  }

  /** That of the original, so that a part of a pack is known as the same part of the original. */
  @Override
  public Optional<String> identity(int image) {
    Objects.checkIndex(image, size);
    return header.lossy() ? Optional.empty() : index.identity(image);
  }

  /** SHA-256, in hex, of the file or the pixels that an image was made of. */
  String sourceHash(int image) {
    return index.hash(Objects.checkIndex(image, size));
  }

  /** Records may have to come from the disk, or be decoded. */
  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public void read(int image, byte[] into, int at) {
    Objects.checkIndex(image, size);
    byte[] record = new byte[index.length(image)];
    MemorySegment shard = shards[index.shard(image)];
    MemorySegment.copy(shard, ValueLayout.JAVA_BYTE, index.offset(image), record, 0, record.length);
    if (PackIndex.checksum(record) != index.checksum(image)) {
      throw damaged(image, "does not match its checksum", null);
    }
    try {
      byte[] pixels = header.format().decode(record, header.height(), header.width());
      System.arraycopy(pixels, 0, into, at, pixels.length);
    } catch (IOException e) {
      throw damaged(image, "cannot be decoded (" + e.getMessage() + ")", e);
    }
  }

  private DataException damaged(int image, String what, IOException cause) {
    return new DataException(
        "%s: the record of %s, at byte %s, %s; %s."
            .formatted(
                files.shard(part, index.shard(image)),
                index.name(image),
                index.offset(image),
                what,
                AGAIN),
        cause);
  }

  @Override
  public void close() {
    arena.close();
  }
}
