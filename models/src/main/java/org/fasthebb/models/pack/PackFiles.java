package org.fasthebb.models.pack;

import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of a pack, which lie in one folder.
 *
 * <pre>
 *   FILE                           the header, as JSON; it is written last
 *   FILE.train.index               label, place, checksum, name and source of each training image
 *   FILE.train.000, .001 ..        shards: the records of training images, one after the other
 *   FILE.test.index, FILE.test.000 the same for test images
 *   FILE.part                      what is packed, until the pack is complete
 * </pre>
 *
 * @param header the file that the user names
 */
record PackFiles(Path header) {
  /** The part of a pack that holds training images. */
  static final String TRAIN = "train";

  /** The part of a pack that holds test images. */
  static final String TEST = "test";

  /** The file that says what is packed, until the pack is complete. */
  Path part() {
    return beside(".part");
  }

  Path index(String part) {
    return beside("." + part + ".index");
  }

  Path shard(String part, int number) {
    return beside(String.format(Locale.ROOT, ".%s.%03d", part, number));
  }

  /** The folder of all files. */
  Path folder() {
    return header.toAbsolutePath().normalize().getParent();
  }

  /** The name of the file by which packing is locked. */
  String lock() {
    return "." + header.getFileName() + ".lock";
  }

  private Path beside(String ending) {
    return header.resolveSibling(header.getFileName() + ending);
  }
}
