#!/bin/bash
# Whether the service in this container is ready. By bash alone: the image has no other client, and a Node that starts
# for each check costs an idle service more than all else that it does.
exec 3<>"/dev/tcp/127.0.0.1/$HTTP_PORT" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
