package org.fasthebb.models.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fasthebb.models.data.PassedOver.Reason;
import org.fasthebb.models.image.ImageFormat;
import org.fasthebb.models.io.ReadFailure;

/**
 * Lists folders of images. A file is an image if its name ends as those of images do, or if its
 * first bytes say so; the decoder then goes by the bytes alone. Names that start with a dot are
 * hidden.
 */
public final class FolderListing {
  /** The folder in which the program keeps what it knows of a folder of images. */
  public static final String OWN = ".fasthebb";

  private FolderListing() {}

  /**
   * An image file.
   *
   * @param name in its folder
   * @param bytes its length
   * @param modified when it was changed, in milliseconds since 1970
   */
  public record ListedImage(String name, long bytes, long modified) {}

  /** What lies under a name: an image, a folder, or something that is passed over. */
  private record Item(
      String name, boolean image, boolean folder, Reason reason, long bytes, long modified) {
    Item(String name, boolean image, boolean folder, Reason reason) {
      this(name, image, folder, reason, 0, 0);
    }

    ListedImage under(String prefix) {
      return new ListedImage(prefix + name, bytes, modified);
    }
  }

  /**
   * The images directly in {@code dir}, sorted by name; all else that is in it, and in folders in
   * it, is passed over.
   *
   * @param problems receives a folder that cannot be listed; only then the result is incomplete
   */
  public static List<ListedImage> images(Path dir, Problems problems) {
    List<Item> items = items(dir, problems);
    for (Item item : items) {
      if (item.folder) {
        passOver(dir, item, Reason.SUB_FOLDER, problems);
      } else if (item.reason != null) {
        passOver(dir, item, item.reason, problems);
      }
    }
    return items.stream().filter(Item::image).map(item -> item.under("")).toList();
  }

  /**
   * The sorted names of the folders directly in {@code dir}; files in it are passed over.
   *
   * @param problems receives a folder that cannot be listed; only then the result is incomplete
   */
  public static List<String> folders(Path dir, Problems problems) {
    List<Item> items = items(dir, problems);
    for (Item item : items) {
      if (item.image || item.reason == Reason.FORMAT) {
        passOver(dir, item, Reason.LOOSE, problems);
      } else if (item.reason != null) {
        passOver(dir, item, item.reason, problems);
      }
    }
    return items.stream().filter(Item::folder).map(Item::name).toList();
  }

  /**
   * The images in {@code dir} and in all folders below it, named as seen from {@code dir}: those in
   * a folder itself come first, each sorted by name. Folders that are links are followed, but to no
   * folder twice. Hidden files and folders are passed over without a word.
   *
   * @param problems receives folders that cannot be listed, and files that are no images
   */
  public static List<ListedImage> tree(Path dir, Problems problems) {
    List<ListedImage> found = new ArrayList<>();
    addTree(dir, "", found, new HashSet<>(), problems);
    return found;
  }

  private static void addTree(
      Path dir, String prefix, List<ListedImage> found, Set<Path> seen, Problems problems) {
    Path folder = dir.resolve(prefix);
    if (!seen.add(real(folder))) {
      return;
    }
    List<Item> items = items(folder, problems);
    for (Item item : items) {
      if (item.image) {
        found.add(item.under(prefix));
      } else if (!item.folder && item.reason != Reason.HIDDEN) {
        passOver(folder, item, item.reason, problems);
      }
    }
    for (Item item : items) {
      if (item.folder) {
        addTree(dir, prefix + item.name + "/", found, seen, problems);
      }
    }
  }

  /** A folder's place on the disk, whatever links lead to it. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder; // listing it tells what is wrong
    }
  }

  /** Passes over all files in {@code dir} and below it. */
  static void passOverAll(Path dir, Reason reason, Problems problems) {
    passOver(dir.getParent(), item(dir), reason, problems);
  }

  /** Passes over the images that lie directly in {@code dir}, where there should be none. */
  static void passOverLoose(Path dir, Problems problems) {
    for (Item item : items(dir, problems)) {
      if (item.image || item.reason == Reason.FORMAT) {
        passOver(dir, item, Reason.LOOSE, problems);
      }
    }
  }

  private static void passOver(Path dir, Item item, Reason reason, Problems problems) {
    if (!item.folder) {
      problems.passOver(new PassedOver(dir, reason, 1, item.name));
      return;
    }
    List<String> files = filesBelow(dir, dir.resolve(item.name));
    if (!files.isEmpty()) {
      problems.passOver(new PassedOver(dir, reason, files.size(), files.getFirst()));
    }
  }

  /**
   * The files in {@code folder}, and in folders and links in it, but the hidden ones, seen from
   * dir.
   */
  private static List<String> filesBelow(Path dir, Path folder) {
    List<String> files = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            // A link here leads nowhere, since others are followed.
            if (!isHidden(path) && (attributes.isRegularFile() || attributes.isSymbolicLink())) {
              files.add(dir.relativize(path).toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) {
            if (!(e instanceof FileSystemLoopException)) { // what a loop leads to is visited anyway
              files.add(dir.relativize(path) + " (cannot be listed)");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, IOException e) {
            return e == null ? FileVisitResult.CONTINUE : visitFileFailed(path, e);
          }
        };
    try {
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the visitor throws none
    }
    files.sort(null);
    return files;
  }

  /** Sorted, because file systems list in any order; without what is our own. */
  private static List<Item> items(Path dir, Problems problems) {
    try (Stream<Path> paths = Files.list(dir)) {
      return paths
          .filter(path -> !path.endsWith(OWN))
          .map(FolderListing::item)
          .sorted(Comparator.comparing(Item::name))
          .toList();
    } catch (IOException e) {
      problems.add(unlistable(dir, e));
    } catch (UncheckedIOException e) {
      problems.add(unlistable(dir, e.getCause()));
    }
    return List.of();
  }

  private static DataException unlistable(Path dir, IOException e) {
    return new DataException(
        "%s cannot be listed (%s); %s."
            .formatted(
                dir, ReadFailure.reason(e), ReadFailure.wayOut(e, "make it readable or remove it")),
        e);
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static Item item(Path path) {
    String name = path.getFileName().toString();
    if (isHidden(path)) {
      return new Item(name, false, false, Reason.HIDDEN);
    }
    Optional<ImageFormat> format = ImageFormat.ofName(name);
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        return new Item(name, false, true, null);
      }
      if (!attributes.isRegularFile()) {
        return new Item(name, false, false, Reason.NO_IMAGE);
      }
      if (!format.map(ImageFormat::isRead).orElse(false)) {
        format = formatOf(path).or(() -> ImageFormat.ofName(name));
      }
    } catch (AccessDeniedException e) {
      // If it looks like an image, it is tried, and reported then.
      boolean image = format.isPresent();
      return new Item(name, image, false, image ? null : Reason.NO_IMAGE);
    } catch (IOException e) {
      return new Item(name, false, false, Reason.LINK);
    }
    boolean image = format.map(ImageFormat::isRead).orElse(false);
    Reason reason = format.isPresent() ? Reason.FORMAT : Reason.NO_IMAGE;
    return new Item(
        name,
        image,
        false,
        image ? null : reason,
        attributes.size(),
        attributes.lastModifiedTime().toMillis());
  }

  private static Optional<ImageFormat> formatOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ImageFormat.of(in.readNBytes(ImageFormat.START));
    }
  }
}
