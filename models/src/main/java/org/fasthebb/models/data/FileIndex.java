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

  private final Place[] places;

  /** For each place, the end of its files. */
  private final int[] placeEnds;

  private final long[] offsets;
  private final int[] lengths;
  private final int[] labels;
  private final byte[] names;

  /** For each file, the end of its name. */
  private final int[] nameEnds;

  private FileIndex(Builder from) {
    places = from.places.toArray(Place[]::new);
    placeEnds = from.placeEnds.toIntArray();
    offsets = from.offsets.toLongArray();
    lengths = from.lengths.toIntArray();
    labels = from.labels.toIntArray();
    names = from.names.toByteArray();
    nameEnds = from.nameEnds.toIntArray();
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

  /** Collects files in their order, place by place. */
  public static final class Builder {
    private final List<Place> places = new ArrayList<>();
    private final IntArrayList placeEnds = new IntArrayList();
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

    private Builder place(Place place) {
      places.add(place);
      placeEnds.add(size());
      return this;
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
      placeEnds.set(places.size() - 1, size());
    }

    /** How many files there are so far. */
    public int size() {
      return nameEnds.size();
    }

    /** The index. */
    public FileIndex build() {
      return new FileIndex(this);
    }
  }

  /** The number of files. */
  public int size() {
    return labels.length;
  }

  /** The label of file {@code i}. */
  int label(int i) {
    return labels[i];
  }

  /** A copy of all labels. */
  int[] labels() {
    return labels.clone();
  }

  /** The name of file {@code i}, without the folder or archive that it lies in. */
  String name(int i) {
    int from = i == 0 ? 0 : nameEnds[i - 1];
    return new String(names, from, nameEnds[i] - from, UTF_8);
  }

  /** Where file {@code i} lies, for messages, such as dir/train.tar!cat.tar!cat_1.JPEG. */
  String location(int i) {
    return place(i).nameOf(name(i));
  }

  /** The bytes of file {@code i} when it was found, or 2^31-1 if there were more. */
  int length(int i) {
    return lengths[i];
  }

  private Place place(int i) {
    int found = Arrays.binarySearch(placeEnds, i + 1);
    int place = found < 0 ? -found - 1 : found;
    while (place > 0 && placeEnds[place - 1] == placeEnds[place]) {
      place--; // the places after it have no files
    }
    return places[place];
  }

  /**
   * The content of file {@code i}. Several threads may call this at once.
   *
   * @throws IOException if it cannot be read; the message is the reason
   */
  byte[] read(int i) throws IOException {
    Objects.checkIndex(i, size());
    Place place = place(i);
    if (place.inArchive != null) {
      requireLength(lengths[i]);
      return range(place.path, offsets[i], lengths[i]);
    }
    Path file = place.path.resolve(name(i));
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
