package org.fasthebb.models.imagenet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.FileIndex;
import org.fasthebb.models.data.PassedOver;
import org.fasthebb.models.data.PassedOver.Reason;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.data.TarReader;
import org.fasthebb.models.image.ImageFormat;
import org.fasthebb.models.io.ReadFailure;

/**
 * The archives of ILSVRC2012 as they are published, read without unpacking them: of each file in
 * them, only the header is read, and where its content lies is noted.
 *
 * <p>The index is not kept on disk: it takes seconds to make, and could be out of date.
 */
final class OfficialArchives {
  /** An archive of archives, one for each class, named WNID.tar. */
  static final String TRAIN = "ILSVRC2012_img_train.tar";

  /** An archive of images. */
  static final String VAL = "ILSVRC2012_img_val.tar";

  private static final String CLASS = ".tar";
  private static final Pattern VAL_NAME = Pattern.compile("ILSVRC2012_val_(\\d{8})\\.[^.]*");

  private OfficialArchives() {}

  /** The training images, class by class, sorted by name. */
  static FileIndex train(Path archive, Synsets synsets, Problems problems) {
    try (FileChannel file = FileChannel.open(archive, StandardOpenOption.READ)) {
      Map<String, Integer> labels = synsets.labels();
      Map<String, TarReader.Entry> classes = new HashMap<>();
      for (TarReader.Entry entry : entries(file, 0, file.size(), archive.toString(), problems)) {
        String name = baseName(entry);
        String wnid = name.endsWith(CLASS) ? name.substring(0, name.length() - 4) : null;
        if (wnid == null || name.startsWith(".")) {
          passOver(archive, name, problems);
        } else if (!labels.containsKey(wnid)) {
          problems.add(
              new DataException(
                  "%s holds %s, which is no class of %s; get both again from the same place."
                      .formatted(archive, name, Devkit.FILE)));
        } else {
          classes.put(wnid, entry);
        }
      }
      requireAll(archive, synsets, classes.keySet(), problems);
      return ParallelListing.list(
          synsets.wnids().size(),
          (label, found) -> {
            FileIndex.Builder index = new FileIndex.Builder();
            TarReader.Entry entry = classes.get(synsets.wnids().get(label));
            if (entry == null) {
              return index.build();
            }
            List<TarReader.Entry> images =
                images(file, entry.offset(), entry.size(), archive, baseName(entry), found);
            index.archive(archive, baseName(entry));
            for (TarReader.Entry image : images) {
              index.add(baseName(image), entry.offset() + image.offset(), image.size(), label);
            }
            return index.build();
          },
          problems);
    } catch (IOException e) {
      problems.add(unreadable(archive, e));
      return new FileIndex.Builder().build();
    }
  }

  /** Reports classes without an archive in one sentence: most are missing if it is cut short. */
  private static void requireAll(
      Path archive, Synsets synsets, Set<String> found, Problems problems) {
    List<String> missing = synsets.wnids().stream().filter(wnid -> !found.contains(wnid)).toList();
    if (!missing.isEmpty()) {
      String what =
          missing.size() == 1
              ? ", which is a class"
              : ", nor %s more of the classes".formatted(missing.size() - 1);
      problems.add(
          new DataException(
              "%s has no %s%s%s of %s; get it again."
                  .formatted(archive, missing.getFirst(), CLASS, what, Devkit.FILE)));
    }
  }

  /** The validation images, class by class, sorted by name. */
  static FileIndex validation(
      Path archive, Synsets synsets, List<String> truth, Problems problems) {
    FileIndex.Builder index = new FileIndex.Builder().archive(archive, "");
    Map<String, Integer> labels = synsets.labels();
    SortedMap<Integer, List<TarReader.Entry>> byClass = new TreeMap<>();
    try (FileChannel file = FileChannel.open(archive, StandardOpenOption.READ)) {
      int known = 0;
      for (TarReader.Entry image : images(file, 0, file.size(), archive, "", problems)) {
        int number = number(baseName(image));
        if (number < 1 || number > truth.size()) {
          problems.add(
              new DataException(
                  "%s holds %s, which the %s lines of ground truth in %s do not name; get it again."
                      .formatted(archive, baseName(image), truth.size(), Devkit.FILE)));
        } else {
          int label = labels.get(truth.get(number - 1));
          byClass.computeIfAbsent(label, _ -> new ArrayList<>()).add(image);
          known++;
        }
      }
      if (known < truth.size()) {
        problems.add(
            new DataException(
                "%s has %s of the %s images in the ground truth of %s; get it again."
                    .formatted(archive, known, truth.size(), Devkit.FILE)));
      }
    } catch (IOException e) {
      problems.add(unreadable(archive, e));
    }
    byClass.forEach((label, images) ->
        images.forEach(image -> index.add(baseName(image), image.offset(), image.size(), label)));
    return index.build();
  }

  /** The number in a name such as ILSVRC2012_val_00000123.JPEG, or 0. */
  private static int number(String name) {
    Matcher matcher = VAL_NAME.matcher(name);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** The images in a part of an archive, sorted by name; other files are passed over. */
  private static List<TarReader.Entry> images(
      FileChannel file, long start, long length, Path archive, String inner, Problems problems) {
    String name = inner.isEmpty() ? archive.toString() : archive + "!" + inner;
    List<TarReader.Entry> images = new ArrayList<>();
    for (TarReader.Entry entry : entries(file, start, length, name, problems)) {
      String base = baseName(entry);
      if (!base.startsWith(".") && ImageFormat.ofName(base).isPresent()) {
        images.add(entry);
      } else {
        passOver(archive, base, problems);
      }
    }
    if (images.isEmpty()) {
      problems.add(new DataException("%s has no images; get it again.".formatted(name)));
    }
    images.sort(Comparator.comparing(OfficialArchives::baseName));
    return images;
  }

  private static void passOver(Path archive, String name, Problems problems) {
    Reason reason = name.startsWith(".") ? Reason.HIDDEN : Reason.NO_IMAGE;
    problems.passOver(new PassedOver(archive, reason, 1, name));
  }

  /** The files in a part of an archive; folders are no news. */
  private static List<TarReader.Entry> entries(
      FileChannel file, long start, long length, String name, Problems problems) {
    List<TarReader.Entry> entries = new ArrayList<>();
    try {
      TarReader tar = new TarReader(new FileRange(file, start, length), name);
      for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        if (entry.kind() == TarReader.EntryKind.FILE) {
          entries.add(entry);
        }
      }
    } catch (IOException e) {
      problems.add(unreadable(Path.of(name), e));
    } catch (DataException e) {
      problems.add(e);
    }
    return entries;
  }

  private static DataException unreadable(Path archive, IOException e) {
    return new DataException("%s cannot be read: %s.".formatted(archive, ReadFailure.reason(e)), e);
  }

  private static String baseName(TarReader.Entry entry) {
    return entry.name().substring(entry.name().lastIndexOf('/') + 1);
  }
}
