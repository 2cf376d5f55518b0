package org.fasthebb.tools.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;

/**
 * The part of a file that has been downloaded. A second file beside it keeps the server's
 * identifier of the file's version.
 */
final class PartFile implements AutoCloseable {
  private final Path path;
  private final Path version;
  private final FileChannel channel;

  /**
   * Opens an existing part, or starts an empty one.
   *
   * @param path of the part; ends in .part
   * @throws DataException if it cannot be written
   */
  PartFile(Path path) {
    this.path = path;
    version = path.resolveSibling(path.getFileName() + ".version");
    try {
      channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Disk.failure(path, e);
    }
  }

  Path path() {
    return path;
  }

  /** The number of bytes so far. */
  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw Disk.failure(path, e);
    }
  }

  /** The server's identifier of the version, if it gave one. */
  Optional<String> version() {
    try {
      return Files.exists(version) ? Optional.of(Files.readString(version)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // the checksum will show whether the versions differ
    }
  }

  /** Empties the part and notes the version to come, which may be unknown. */
  void restart(Optional<String> newVersion) {
    try {
      channel.truncate(0);
      Files.deleteIfExists(version);
      if (newVersion.isPresent()) {
        AtomicFile.writeString(version, newVersion.get());
      }
    } catch (CheckpointException e) {
      throw new DataException(e.getMessage(), e);
    } catch (IOException e) {
      throw Disk.failure(path, e);
    }
  }

  /** Appends the first {@code length} of {@code bytes}. */
  void append(byte[] bytes, int length) {
    try {
      channel.position(channel.size());
      ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      throw Disk.failure(path, e);
    }
  }

  /** The MD5 of the part, in lower-case hexadecimal digits. */
  String md5() {
    try {
      channel.position(0);
      // Not closed, because that would close the channel.
      InputStream in = Channels.newInputStream(channel);
      DigestInputStream digest = new DigestInputStream(in, newMd5());
      byte[] buffer = new byte[1 << 16];
      while (digest.read(buffer) >= 0) {}
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(path, e.getMessage()), e);
    }
  }

  private static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  /** Deletes the part. It must still be closed. */
  void delete() {
    try {
      Files.deleteIfExists(version);
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw Disk.failure(path, e);
    }
  }

  /** Closes the part, and deletes it if it is empty. */
  @Override
  public void close() {
    try {
      if (channel.size() == 0) {
        delete();
      }
      channel.close();
    } catch (IOException e) {
      throw Disk.failure(path, e);
    }
  }
}
