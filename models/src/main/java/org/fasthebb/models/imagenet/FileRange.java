package org.fasthebb.models.imagenet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file as a stream, which reads nothing of what is skipped. */
final class FileRange extends InputStream {
  private final FileChannel file;
  private final long end;
  private long position;

  /** The {@code length} bytes from {@code start} on, or fewer if the file ends before. */
  FileRange(FileChannel file, long start, long length) throws IOException {
    this.file = file;
    position = start;
    end = Math.min(file.size(), start + length);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    int most = (int) Math.min(length, end - position);
    if (most <= 0) {
      return length == 0 ? 0 : -1;
    }
    int read = file.read(ByteBuffer.wrap(into, at, most), position);
    position += Math.max(0, read);
    return read;
  }

  @Override
  public long skip(long bytes) {
    long skipped = Math.clamp(bytes, 0, Math.max(0, end - position));
    position += skipped;
    return skipped;
  }
}
