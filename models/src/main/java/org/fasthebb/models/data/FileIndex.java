package org.fasthebb.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Where the files of a data set lie, and their labels. A file takes 20 bytes and its name, so
 * millions of them fit into memory.
 *
 * <p>A file lies in a folder, or it is a range of an archive, which is read without unpacking it.
 */
public final class FileIndex {
  /** The longest file that is read, in bytes. */
  private static final int MOST_BYTES = 1 << 30;

  private final PlacedFiles[] parts;

  /** For each part, how many files there are in it and before it. */
  private final int[] ends;

  private FileIndex(List<PlacedFiles> parts) {
    this.parts = parts.toArray(PlacedFiles[]::new);
    ends = parts.stream().mapToInt(part -> part.labels.length).toArray();
    Arrays.parallelPrefix(ends, Integer::sum);
  }

  /**
   * What holds files.
   *
   * @param path a folder, or an archive
   * @param inArchive what messages put before a file's name if {@code path} is an archive: the name
   *     of an archive in it and an exclamation mark, or nothing; null for a folder
   */
  private record Place(Path path, String inArchive) {
    String nameOf(String file) {
      return inArchive == null ? path.resolve(file).toString() : path + "!" + inArchive + file;
    }
  }

  /** The files of one place; arrays of numbers, since an object for each file would take 100 MB. */
  private static final class PlacedFiles {
    final Place place;
    final long[] offsets;
    final int[] lengths;
    final int[] labels;
    final byte[] names;

    /** For each file, the end of its name. */
    final int[] nameEnds;

    PlacedFiles(Builder from) {
      place = from.place;
      offsets = from.offsets.toLongArray();
      lengths = from.lengths.toIntArray();
      labels = from.labels.toIntArray();
      names = from.names.toByteArray();
      nameEnds = from.nameEnds.toIntArray();
    }

    String name(int i) {
      int from = i == 0 ? 0 : nameEnds[i - 1];
      return new String(names, from, nameEnds[i] - from, UTF_8);
    }
  }

  /** Collects files in their order, place by place. */
  public static final class Builder {
    private final List<PlacedFiles> parts = new ArrayList<>();
    private Place place;
    private final LongArrayList offsets = new LongArrayList();
    private final IntArrayList lengths = new IntArrayList();
    private final IntArrayList labels = new IntArrayList();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final IntArrayList nameEnds = new IntArrayList();

    /** An index without files. */
    public Builder() {}

    /** The next files lie in a folder. */
    public Builder folder(Path folder) {
      return place(new Place(folder, null));
    }

    /**
     * The next files lie in an archive.
     *
     * @param inner the name of an archive in that archive, for messages, or an empty text
     */
    public Builder archive(Path archive, String inner) {
      return place(new Place(archive, inner.isEmpty() ? "" : inner + "!"));
    }

    private Builder place(Place next) {
      endPart();
      place = next;
      return this;
    }

    private void endPart() {
      if (!labels.isEmpty()) {
        parts.add(new PlacedFiles(this));
        offsets.clear();
        lengths.clear();
        labels.clear();
        names.reset();
        nameEnds.clear();
      }
    }

    /**
     * Adds a file.
     *
     * @param name in its place
     * @param offset of its content in an archive; 0 in a folder
     * @param length in bytes
     */
    public void add(String name, long offset, long length, int label) {
      names.writeBytes(name.getBytes(UTF_8));
      nameEnds.add(names.size());
      offsets.add(offset);
      lengths.add((int) Math.min(length, Integer.MAX_VALUE));
      labels.add(label);
    }

    /** The index. */
    public FileIndex build() {
      endPart();
      return new FileIndex(parts);
    }
  }

  /** The files of several indices, one after the other. */
  public static FileIndex concat(List<FileIndex> indices) {
    return new FileIndex(indices.stream().flatMap(index -> Arrays.stream(index.parts)).toList());
  }

  /** The number of files. */
  public int size() {
    return parts.length == 0 ? 0 : ends[parts.length - 1];
  }

  /** The label of file {@code i}. */
  int label(int i) {
    int part = part(i);
    return parts[part].labels[inPart(part, i)];
  }

  /** A copy of all labels. */
  int[] labels() {
    return Arrays.stream(parts).flatMapToInt(part -> Arrays.stream(part.labels)).toArray();
  }

  /** The name of file {@code i}, without the folder or archive that it lies in. */
  String name(int i) {
    int part = part(i);
    return parts[part].name(inPart(part, i));
  }

  /** Where file {@code i} lies, for messages, such as dir/train.tar!cat.tar!cat_1.JPEG. */
  String location(int i) {
    return parts[part(i)].place.nameOf(name(i));
  }

  /** The bytes of file {@code i} when it was found, or 2^31-1 if there were more. */
  int length(int i) {
    int part = part(i);
    return parts[part].lengths[inPart(part, i)];
  }

  private int part(int i) {
    int found = Arrays.binarySearch(ends, i + 1);
    return found < 0 ? -found - 1 : found;
  }

  private int inPart(int part, int i) {
    return part == 0 ? i : i - ends[part - 1];
  }

  /**
   * The content of file {@code i}. Several threads may call this at once.
   *
   * @throws IOException if it cannot be read; the message is the reason
   */
  byte[] read(int i) throws IOException {
    Objects.checkIndex(i, size());
    int at = part(i);
    PlacedFiles part = parts[at];
    int inPart = inPart(at, i);
    Place place = part.place;
    if (place.inArchive != null) {
      requireLength(part.lengths[inPart]);
      return range(place.path, part.offsets[inPart], part.lengths[inPart]);
    }
    Path file = place.path.resolve(part.name(inPart));
    requireLength(Files.size(file));
    return Files.readAllBytes(file);
  }

  private static void requireLength(long bytes) throws IOException {
    if (bytes > MOST_BYTES) {
      throw new IOException("it has more than %s bytes".formatted(MOST_BYTES));
    }
  }

  // Opened each time: beside decoding it costs nothing, and there is nothing to close at the end.
  private static byte[] range(Path archive, long from, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, from + bytes.position()) < 0) {
          throw new EOFException("the archive is cut short");
        }
      }
      return bytes.array();
    }
  }
}
