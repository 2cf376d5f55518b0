package org.fasthebb.models.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.random.Rng;

/** Data sets to pack, and packs in small pieces. */
final class PackedSamples {
  /** Bytes after which a shard is full: a few blocks. */
  static final long SHARD = 2_000;

  /** Bytes of a block: 5 images of 4x4. */
  static final int BLOCK = 5 * 48;

  static final PackWriter.PackProgress SILENT = (_, _, _) -> {};

  private PackedSamples() {}

  /** Made-up images in "files", class after class; {@code bad} cannot be read. */
  record Files48(long seed, int size, int side, int bad) implements ImageSource {
    @Override
    public int height() {
      return side;
    }

    @Override
    public int width() {
      return side;
    }

    @Override
    public int channels() {
      return 3;
    }

    @Override
    public List<String> classNames() {
      return List.of("cat", "dog", "Größe");
    }

    @Override
    public int label(int index) {
      return 3 * index / size;
    }

    @Override
    public String nameOf(int index) {
      return "train/" + classNames().get(label(index)) + "/" + index + ".png";
    }

    @Override
    public byte[] encoded(int index) {
      return new byte[] {(byte) index, 7};
    }

    @Override
    public boolean isSlow() {
      return true;
    }

    /** Smooth, so that JPEG has a chance. */
    @Override
    public void read(int index, byte[] into, int at) {
      if (index == bad) {
        throw new DataException(nameOf(index) + " is torn; download it again.");
      }
      for (int i = 0; i < imageBytes(); i++) {
        int slope = i / 3 % side + i / 3 / side;
        into[at + i] = (byte) (200 * Rng.uniform(seed, index) + slope);
      }
    }
  }

  static DataSet of(int train, int test) {
    return of(train, test, 4);
  }

  static DataSet of(int train, int test, int side) {
    return new DataSet("made-up", new Files48(1, train, side, -1), new Files48(2, test, side, -1));
  }

  static boolean write(DataSet data, PackFormat format, Path file, PackWriter.PackProgress progress)
      throws CheckpointException {
    return new PackWriter(data, format, file, progress, SHARD, BLOCK).write();
  }

  /** All files of a folder, by name. */
  static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  /** The pixels of all images, in their order. */
  static List<byte[]> pixels(ImageSource set) {
    List<byte[]> all = new ArrayList<>();
    IntStream.range(0, set.size())
        .forEach(i -> {
          byte[] image = new byte[set.imageBytes() + 2];
          set.read(i, image, 2);
          all.add(image);
        });
    return all;
  }
}
