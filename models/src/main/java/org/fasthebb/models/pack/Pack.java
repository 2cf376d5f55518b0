package org.fasthebb.models.pack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;

/** Reads packs. */
public final class Pack {
  private Pack() {}

  /**
   * Opens a pack, as the other {@code open}, if its images have {@code side} rows and columns.
   *
   * @throws DataException also if they have another size
   */
  public static DataSet open(Path file, int side) {
    PackHeader header = PackHeader.read(file);
    if (!header.isOfSide(side)) {
      throw new DataException(
          ("%s holds images of %sx%s, but %sx%s are needed; name a network for images of that size"
                  + " (--architecture) or fit it with --side %s, or pack the images with --side"
                  + " %s.")
              .formatted(file, header.width(), header.height(), side, side, header.height(), side));
    }
    return open(new PackFiles(file), header);
  }

  /**
   * Opens a pack. Its images, their order, its name and, unless it is lossy, its fingerprint are
   * those of the data set that was packed. Each record is checked when it is read.
   *
   * @return to be closed, which ends the mapping of its files
   * @throws DataException if a file of the pack is missing, damaged, cut short or of another
   *     version
   */
  public static DataSet open(Path file) {
    return open(new PackFiles(file), PackHeader.read(file));
  }

  static DataSet open(PackFiles files, PackHeader header) {
    PackedImages train = new PackedImages(files, PackFiles.TRAIN, header);
    try {
      PackedImages test = new PackedImages(files, PackFiles.TEST, header);
      return new DataSet(header.name(), train, test, header.fingerprint());
    } catch (DataException e) {
      train.close();
      throw e;
    }
  }

  /**
   * Reads every byte of a pack and compares it with the checksums.
   *
   * @param read receives the number of images read so far, now and then
   * @return one sentence for each thing that is wrong; none if the pack is whole
   */
  public static List<String> problems(Path file, IntConsumer read) {
    List<String> problems = new ArrayList<>();
    try {
      PackHeader header = PackHeader.read(file);
      int before = 0;
      for (String part : List.of(PackFiles.TRAIN, PackFiles.TEST)) {
        check(new PackFiles(file), part, header, problems, before, read);
        before += header.part(part).images();
      }
    } catch (DataException e) {
      problems.add(e.getMessage());
    }
    return problems;
  }

  private static void check(
      PackFiles files,
      String part,
      PackHeader header,
      List<String> problems,
      int before,
      IntConsumer read) {
    try (PackedImages images = new PackedImages(files, part, header)) {
      byte[] pixels = new byte[images.imageBytes()];
      int done = before;
      for (int i : PackWriter.order(part, images.size())) { // as they lie in the shards
        try {
          images.read(i, pixels, 0);
        } catch (DataException e) {
          problems.add(e.getMessage());
        }
        read.accept(++done);
      }
    } catch (DataException e) {
      problems.add(e.getMessage());
    }
  }
}
