id -un
