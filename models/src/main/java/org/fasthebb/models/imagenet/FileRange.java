package org.fasthebb.models.imagenet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A part of a file as a stream, which reads little of what is skipped. It reads to the end of a
 * page, since the system fetches whole pages. Where small files lie close together it reads several
 * pages at once, since asking the system for each header would take longer than copying them all.
 */
final class FileRange extends InputStream {
  private static final int PAGE = 4096;

  /** What is read at once if less is skipped; images of ImageNet have 110 kB on average. */
  private static final int PAGES = 4 * PAGE;

  private final FileChannel file;
  private final long end;
  private long position;

  /** The bytes that were read last: from {@link #pagesStart} to the end of a page. */
  private final ByteBuffer pages = ByteBuffer.allocate(PAGES).limit(0);

  private long pagesStart;

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
    if (position >= pagesStart + pages.limit() && !readPages()) {
      return -1;
    }
    int from = (int) (position - pagesStart);
    int read = Math.min(most, pages.limit() - from);
    pages.get(from, into, at, read);
    position += read;
    return read;
  }

  /** Reads from the position to the end of a page; returns false at the end of the file. */
  private boolean readPages() throws IOException {
    long skipped = position - pagesStart - pages.limit();
    int most = skipped < PAGES ? PAGES : PAGE;
    pagesStart = position;
    pages.clear().limit(most - (int) (position % PAGE));
    int read = file.read(pages, position);
    pages.limit(Math.max(0, read));
    return read > 0;
  }

  @Override
  public long skip(long bytes) {
    long skipped = Math.clamp(bytes, 0, Math.max(0, end - position));
    position += skipped;
    return skipped;
  }
}
