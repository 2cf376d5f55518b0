package org.fasthebb.models.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;

/**
 * What a pack holds, as its header file says.
 *
 * @param version of the format of packs
 * @param name of the data set that was packed
 * @param fingerprint of the data set as it is read from the pack: that of the original, unless
 *     lossy
 * @param source a digest of what was packed, and how
 * @param format how images are stored
 * @param quality of JPEG records; 0 for raw ones
 * @param lossy whether images differ from those of the original
 * @param decoder the version of the decoder that read the original images
 * @param height rows of each image
 * @param width columns of each image
 * @param channels 3 for RGB
 * @param classNames in label order
 * @param train the training images
 * @param test the test images
 */
public record PackHeader(
    int version,
    String name,
    String fingerprint,
    String source,
    PackFormat format,
    int quality,
    boolean lossy,
    int decoder,
    int height,
    int width,
    int channels,
    List<String> classNames,
    PackedPart train,
    PackedPart test) {
  /** The version that is written and read. */
  public static final int VERSION = 1;

  /** Headers are short. A larger file is none, and is not read. */
  private static final long MOST_BYTES = 1 << 24;

  private static final String WAY_OUT = "name the file that 'fasthebb data pack' wrote (--out)";

  /**
   * One part of a pack.
   *
   * @param images how many there are
   * @param indexBytes the size of its index file
   * @param indexChecksum CRC-32C of its index file, in hex; the index has those of the records
   * @param shardBytes the size of each shard
   */
  public record PackedPart(
      int images, long indexBytes, String indexChecksum, List<Long> shardBytes) {
    /** Checks that everything is there. */
    public PackedPart {
      require(images >= 0, "a part has fewer than 0 images");
      Objects.requireNonNull(indexChecksum, "a checksum is missing");
      shardBytes = List.copyOf(shardBytes);
    }
  }

  /**
   * Checks that everything is there.
   *
   * @throws IllegalArgumentException if it is of another version, or makes no sense
   */
  public PackHeader {
    require(
        version == VERSION,
        version > 0
            ? "it is a pack of version %s, but this program reads version %s; pack the images again"
                .formatted(version, VERSION)
            : "it is no pack");
    Objects.requireNonNull(name, "the name is missing");
    Objects.requireNonNull(format, "the format is missing, or of a later version");
    Objects.requireNonNull(train, "the training images are missing");
    Objects.requireNonNull(test, "the test images are missing");
    require(height > 0 && width > 0 && channels > 0, "images have no pixels");
    require((long) height * width * channels <= Integer.MAX_VALUE, "images have too many pixels");
    classNames = List.copyOf(classNames);
    require(!classNames.isEmpty(), "there are no classes");
  }

  private static void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Reads the header of a pack.
   *
   * @throws DataException if it is damaged, of another version, or no header
   */
  public static PackHeader read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new DataException("%s is a folder; %s.".formatted(file, WAY_OUT));
      }
      if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
        throw new DataException("%s is no pack; %s.".formatted(file, WAY_OUT));
      }
      return Json.readChecked(file, PackHeader.class, WAY_OUT);
    } catch (CheckpointException e) {
      throw new DataException(e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read (%s); %s.".formatted(file, e, WAY_OUT), e);
    }
  }

  /** Whether the images have this many rows, and as many columns. */
  public boolean isOfSide(int side) {
    return height == side && width == side;
  }

  /** The same pack with a fingerprint. */
  PackHeader withFingerprint(String known) {
    return new PackHeader(
        version,
        name,
        known,
        source,
        format,
        quality,
        lossy,
        decoder,
        height,
        width,
        channels,
        classNames,
        train,
        test);
  }

  /** The part of this name. */
  PackedPart part(String part) {
    return part.equals(PackFiles.TRAIN) ? train : test;
  }
}
