package org.fasthebb.spark;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.fasthebb.models.distributed.Checkpoints;

/** Checkpoints in a folder of the job's file system. The newest two are kept. */
final class JobCheckpoints implements Checkpoints {
  private static final String PREFIX = "step-";
  private static final String SUFFIX = ".safetensors";

  /** The end of the name of a checkpoint that is being written. */
  private static final String PART = ".part";

  private final Path folder;
  private final java.nio.file.Path local;
  private final FileSystem files;

  /**
   * Checkpoints of a job.
   *
   * @param local folder for a copy of the newest
   * @param settings of the job's file systems
   */
  JobCheckpoints(String folder, java.nio.file.Path local, Configuration settings)
      throws IOException {
    this.folder = new Path(folder);
    this.local = local;
    files = this.folder.getFileSystem(settings);
  }

  /** All that is in the folder. */
  private List<Path> content() throws IOException {
    return Stream.of(files.listStatus(folder)).map(FileStatus::getPath).toList();
  }

  /** Whole checkpoints among files, the oldest first. */
  private static List<Path> whole(List<Path> content) {
    return content.stream()
        .filter(file -> file.getName().startsWith(PREFIX) && file.getName().endsWith(SUFFIX))
        .sorted(Comparator.comparing(Path::getName))
        .toList();
  }

  @Override
  public java.nio.file.Path newest() throws IOException {
    List<Path> kept = files.exists(folder) ? whole(content()) : List.of();
    if (kept.isEmpty()) {
      return null;
    }
    java.nio.file.Path copy = local.resolve(kept.getLast().getName());
    files.copyToLocalFile(false, kept.getLast(), new Path(copy.toUri()), true);
    return copy;
  }

  @Override
  public void keep(java.nio.file.Path file, long step) throws IOException {
    Path target = new Path(folder, String.format(Locale.ROOT, "%s%010d%s", PREFIX, step, SUFFIX));
    // Each attempt writes a file of its own, as an attempt that Spark has given up may still write.
    Path part = new Path(folder, "." + target.getName() + "." + UUID.randomUUID() + PART);
    files.mkdirs(folder);
    files.copyFromLocalFile(false, true, new Path(file.toUri()), part);
    files.delete(target, false);
    if (!files.rename(part, target)) {
      throw new IOException("cannot rename " + part + " to " + target);
    }
    List<Path> content = content();
    List<Path> kept = whole(content);
    int old = Math.max(0, kept.size() - 2);
    for (Path checkpoint : kept.subList(0, old)) {
      files.delete(checkpoint, false);
    }
    for (Path left : content) {
      String name = left.getName();
      boolean isPart = name.startsWith("." + PREFIX) && name.endsWith(PART);
      if (isPart && name.compareTo("." + kept.get(old).getName()) < 0) {
        files.delete(left, false); // by an attempt that was killed
      }
    }
  }
}
