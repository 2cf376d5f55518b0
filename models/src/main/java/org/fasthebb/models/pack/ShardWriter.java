package org.fasthebb.models.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the records of a part of a pack to shards, one after the other. It keeps what an earlier
 * run has written as long as {@link #keep} finds it whole.
 */
final class ShardWriter implements AutoCloseable {
  private final PackFiles files;
  private final String part;
  private final long most;
  private final List<Long> sizes = new ArrayList<>();
  private FileChannel channel;
  private long size;

  /** Whether all before this place is from an earlier run, so that more of it may follow. */
  private boolean keeps = true;

  /**
   * A writer that has written nothing.
   *
   * @param most bytes of a shard after which the next one is begun
   */
  ShardWriter(PackFiles files, String part, long most) {
    this.files = files;
    this.part = part;
    this.most = most;
  }

  /** Goes to the next shard if this one is full. Call it before each block of records. */
  void startBlock() throws IOException {
    if (channel == null || size >= most) {
      finishShard();
      channel =
          FileChannel.open(
              file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      size = 0;
    }
  }

  /** The shard that is written now. */
  Path file() {
    return files.shard(part, sizes.size());
  }

  /** Keeps the records of some images if an earlier run has written all of them, and goes on. */
  boolean keep(PackIndex index, int[] images) throws IOException {
    long before = size;
    for (int image : images) {
      if (!keeps || !holds(index, image)) {
        size = before;
        keeps = false;
        return false;
      }
      size += index.length(image);
    }
    return true;
  }

  private boolean holds(PackIndex index, int image) throws IOException {
    int length = index.length(image);
    if (index.shard(image) != sizes.size()
        || index.offset(image) != size
        || length < 1
        || length > channel.size() - size) {
      return false;
    }
    ByteBuffer record = ByteBuffer.allocate(length);
    while (record.hasRemaining()) {
      if (channel.read(record, size + record.position()) < 0) {
        return false;
      }
    }
    return PackIndex.checksum(record.array()) == index.checksum(image);
  }

  /** Appends the record of an image and notes it in the index. */
  void append(PackIndex index, int image, byte[] record, byte[] hash) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(record);
    while (bytes.hasRemaining()) {
      channel.write(bytes, size + bytes.position());
    }
    index.put(image, sizes.size(), size, record.length, PackIndex.checksum(record), hash);
    size += record.length;
  }

  /** Cuts off what an earlier run has written behind the last record, and forces it to the disk. */
  private void finishShard() throws IOException {
    if (channel != null) {
      channel.truncate(size);
      channel.force(true);
      channel.close();
      channel = null;
      sizes.add(size);
    }
  }

  /** Ends the last shard; returns the sizes of all. */
  List<Long> finish() throws IOException {
    finishShard();
    for (int left = sizes.size(); Files.deleteIfExists(files.shard(part, left)); left++) {}
    return List.copyOf(sizes);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
