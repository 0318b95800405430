#!/bin/bash
# Exits with 0 if the service in this container is ready. Uses only bash: the image has no HTTP client, and starting
# Node for each check would use more CPU than an idle service.
exec 3<>"/dev/tcp/127.0.0.1/$HTTP_PORT" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
