package org.fasthebb.models.imagenet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A part of a file as a stream, which reads nothing of what is skipped but the rest of a page: the
 * system fetches whole pages, and to ask it for each header of a few small files takes longer than
 * to copy them all.
 */
final class FileRange extends InputStream {
  private static final int PAGE = 4096;

  private final FileChannel file;
  private final long end;
  private long position;

  /** The bytes that were read last: from {@link #pageStart} to the end of a page. */
  private final ByteBuffer page = ByteBuffer.allocate(PAGE).limit(0);

  private long pageStart;

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
    if (position >= pageStart + page.limit() && !readPage()) {
      return -1;
    }
    int from = (int) (position - pageStart);
    int read = Math.min(most, page.limit() - from);
    page.get(from, into, at, read);
    position += read;
    return read;
  }

  /** Reads to the end of the page that the position is in; returns false at the end of the file. */
  private boolean readPage() throws IOException {
    pageStart = position;
    page.clear().limit(PAGE - (int) (position % PAGE));
    int read = file.read(page, position);
    page.limit(Math.max(0, read));
    return read > 0;
  }

  @Override
  public long skip(long bytes) {
    long skipped = Math.clamp(bytes, 0, Math.max(0, end - position));
    position += skipped;
    return skipped;
  }
}
