package org.fasthebb.models.pack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Checksum;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.io.FreeSpace;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.WriteFailure;
import org.fasthebb.models.random.Rng;

/**
 * Packs a data set into a few large files, see {@link PackFiles}. Images are read block by block,
 * on all processors. A pack that was interrupted is gone on with, and ends with the same bytes.
 *
 * <p>Records are stored in a random order that is the same for each data set of a size, so any
 * first part of them is a fair sample. The index is in the order of the data set, and so are the
 * images that are read from the pack.
 */
public final class PackWriter {
  /** Bytes of pixels in a block. More take more memory, fewer keep fewer processors busy. */
  private static final int BLOCK_BYTES = 1 << 22;

  /** A shard that has as many bytes is full. */
  private static final long SHARD_BYTES = 1_000_000_000;

  private final DataSet data;
  private final PackFormat format;
  private final PackFiles files;
  private final PackProgress progress;
  private final int block;
  private final long shardBytes;

  /** Receives the progress of packing. */
  @FunctionalInterface
  public interface PackProgress {
    /**
     * Called after each block of images.
     *
     * @param phase packing, or fingerprint, which reads the whole pack once
     * @param done images so far
     * @param total images in all
     */
    void step(String phase, int done, int total);
  }

  /**
   * Nothing is written until {@link #write}.
   *
   * @param file the header of the pack; other files come beside it
   */
  public PackWriter(DataSet data, PackFormat format, Path file, PackProgress progress) {
    this(data, format, file, progress, SHARD_BYTES, BLOCK_BYTES);
  }

  /** As the other one, with shards and blocks of other sizes. */
  PackWriter(
      DataSet data,
      PackFormat format,
      Path file,
      PackProgress progress,
      long shardBytes,
      int blockBytes) {
    if (format == PackFormat.JPEG && data.train().channels() != 3) {
      throw new DataException(
          "images of %s channels cannot be packed as JPEG, which has 3; choose --format raw."
              .formatted(data.train().channels()));
    }
    this.data = data;
    this.format = format;
    files = new PackFiles(file);
    this.progress = progress;
    this.shardBytes = shardBytes;
    block = Math.max(1, blockBytes / data.train().imageBytes());
  }

  private int total() {
    return Math.addExact(data.train().size(), data.test().size());
  }

  /**
   * Packs the data set, or goes on with it.
   *
   * @return whether there was something to do; false if the pack is there already
   * @throws DataException if an image cannot be read
   * @throws CheckpointException if files cannot be written, another process writes this pack, or
   *     the files that are there are of another one
   */
  public boolean write() throws CheckpointException {
    try {
      Files.createDirectories(files.folder());
      FolderLock lock =
          FolderLock.of(files.folder(), files.lock())
              .orElseThrow(() ->
                  new CheckpointException(
                      "another process packs into "
                          + files.header()
                          + "; wait until it has ended, or choose another file (--out)"));
      try (lock) {
        return writeLocked();
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot write the pack "
              + files.header()
              + ": "
              + WriteFailure.reason(e)
              + "; the same command goes on where this one ended",
          e);
    }
  }

  private boolean writeLocked() throws IOException {
    String source = source();
    if (Files.exists(files.header())) {
      if (PackHeader.read(files.header()).source().equals(source)) {
        AtomicFile.remove(files.part()); // a kill may have come right before
        return false;
      }
      throw otherPack(files.header());
    }
    long pixels = (long) total() * data.train().imageBytes();
    boolean begun = Files.exists(files.part());
    if (begun && !Files.readString(files.part()).equals(source)) {
      throw otherPack(files.part());
    }
    FreeSpace.require(files.header(), format.expectedBytes(total(), pixels), begun ? written() : 0);
    if (!begun) {
      PackIndex.create(files.index(PackFiles.TRAIN), data.train());
      PackIndex.create(files.index(PackFiles.TEST), data.test());
      AtomicFile.writeString(files.part(), source);
    }
    PackHeader.PackedPart train = write(PackFiles.TRAIN, data.train(), 0);
    PackHeader.PackedPart test = write(PackFiles.TEST, data.test(), data.train().size());
    finish(source, train, test);
    return true;
  }

  private CheckpointException otherPack(Path file) {
    return new CheckpointException(
        "%s is of a pack of other images, or in another format; remove it, or choose another file (--out)"
            .formatted(file));
  }

  /** Bytes of the shards that an earlier run has written. */
  private long written() throws IOException {
    long bytes = 0;
    for (String part : List.of(PackFiles.TRAIN, PackFiles.TEST)) {
      for (int i = 0; Files.exists(files.shard(part, i)); i++) {
        bytes += Files.size(files.shard(part, i));
      }
    }
    return bytes;
  }

  /**
   * A digest of all that decides on the bytes of the pack, but for what is in the files of the
   * images: reading them would take as long as packing. Their names and labels are part of it.
   */
  private String source() {
    MessageDigest digest = Checksum.newDigest();
    ImageSource train = data.train();
    List<Object> how =
        List.of(
            PackHeader.VERSION,
            ImageDecoder.VERSION,
            format,
            PackFormat.QUALITY,
            block,
            shardBytes,
            data.name(),
            train.height(),
            train.width(),
            train.channels(),
            train.classNames());
    digest.update(utf8(how.toString()));
    for (ImageSource set : List.of(train, data.test())) {
      digest.update(utf8("\n" + set.size()));
      for (int i = 0; i < set.size(); i++) {
        digest.update(utf8("\n" + set.label(i) + " " + set.nameOf(i)));
      }
    }
    if (!train.isSlow() || isIdentified()) {
      digest.update(utf8(data.fingerprint()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Whether the fingerprint of the data set is known without reading all of it. */
  private boolean isIdentified() {
    return data.train().size() > 0 && data.train().identity(0).isPresent();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The order in which the images of a part are stored. */
  static int[] order(String part, int images) {
    int[] order = IntStream.range(0, images).toArray();
    new Rng(Rng.key(part.equals(PackFiles.TRAIN) ? 1 : 2, images)).shuffle(order);
    return order;
  }

  private PackHeader.PackedPart write(String part, ImageSource set, int before) throws IOException {
    int[] order = order(part, set.size());
    try (Arena arena = Arena.ofShared();
        ShardWriter shards = new ShardWriter(files, part, shardBytes)) {
      PackIndex index = PackIndex.open(files.index(part), set.size(), MapMode.READ_WRITE, arena);
      for (int from = 0; from < order.length; from += block) {
        int[] images = Arrays.copyOfRange(order, from, Math.min(order.length, from + block));
        shards.startBlock();
        if (!shards.keep(index, images)) {
          Packed[] records = read(set, images);
          for (int i = 0; i < images.length; i++) {
            shards.append(index, images[i], records[i].record, records[i].hash);
          }
        }
        progress.step("packing", before + from + images.length, total());
      }
      List<Long> sizes = shards.finish();
      index.force();
      return new PackHeader.PackedPart(set.size(), index.size(), index.checksum(), sizes);
    }
  }

  private record Packed(byte[] record, byte[] hash) {}

  private Packed[] read(ImageSource set, int[] images) {
    Packed[] packed = new Packed[images.length];
    IntStream.range(0, images.length)
        .parallel()
        .forEach(i -> {
          byte[] pixels = new byte[set.imageBytes()];
          set.read(images[i], pixels, 0);
          byte[] hash = Checksum.newDigest().digest(set.encoded(images[i]));
          packed[i] = new Packed(format.encode(pixels, set.height(), set.width()), hash);
        });
    return packed;
  }

  /** Computes the fingerprint and writes the header, which makes the pack complete. */
  private void finish(String source, PackHeader.PackedPart train, PackHeader.PackedPart test)
      throws CheckpointException {
    ImageSource set = data.train();
    PackHeader header =
        new PackHeader(
            PackHeader.VERSION,
            data.name(),
            null,
            source,
            format,
            format.isLossy() ? PackFormat.QUALITY : 0,
            format.isLossy(),
            ImageDecoder.VERSION,
            set.height(),
            set.width(),
            set.channels(),
            set.classNames(),
            train,
            test);
    progress.step("fingerprint", 0, total());
    Json.write(files.header(), header.withFingerprint(fingerprint(header)));
    progress.step("fingerprint", total(), total());
    AtomicFile.remove(files.part());
  }

  /** That of the data set; for a lossy pack that of its own images, which are others. */
  private String fingerprint(PackHeader header) {
    if (isIdentified() && !format.isLossy()) {
      return data.fingerprint();
    }
    try (DataSet packed = Pack.open(files, header)) {
      return packed.fingerprint();
    }
  }
}
